"""The voice job: removes personal data from what customers write, say and photograph, and analyses it."""
