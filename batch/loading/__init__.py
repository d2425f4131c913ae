"""Loading of one dump file: read, standardise, check, load, record the outcome."""
