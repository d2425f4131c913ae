"""The analysis of calls."""
