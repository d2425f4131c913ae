"""The streaming jobs: one folder each, its SQL beside it."""
