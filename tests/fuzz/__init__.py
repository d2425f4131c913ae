"""Fuzzers, one for each input ("door") of the platform. `make fuzz MINUTES=30` runs them for long; tests/unit has a short run of most of them."""
