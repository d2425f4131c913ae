"""The analysis of texts."""
