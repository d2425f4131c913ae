"""Simulated customers: they write on the feedback page and elsewhere, call customer service, and send photos."""
