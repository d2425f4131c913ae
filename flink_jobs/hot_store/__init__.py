"""Lands the hot.* topics in Redis."""
