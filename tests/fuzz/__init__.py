"""Fuzzers, one for each door of the platform. `make fuzz MINUTES=30` runs them long; tests/unit has a bounded run of each."""
