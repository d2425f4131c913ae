"""The way of one dump file: read, checked, standardised, loaded, noted."""
