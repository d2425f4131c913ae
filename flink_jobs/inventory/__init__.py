"""Keeps the books of each store's stock of each product."""
