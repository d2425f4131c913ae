"""Decodes, sets aside, de-duplicates, enriches, lands and counts what the tills and the web shop send."""
