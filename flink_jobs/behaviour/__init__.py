"""Counts how far visits of the web shop come."""
