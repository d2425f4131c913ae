"""The analysis of customers' photos, and a safe copy on which nobody can be recognised."""
