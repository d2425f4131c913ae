"""Load one dump file: read, standardise and check it, load its good rows, and record the outcome."""
