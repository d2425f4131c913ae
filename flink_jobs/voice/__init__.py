"""The voice job: what customers write, made safe and understood."""
