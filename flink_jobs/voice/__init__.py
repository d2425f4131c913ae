"""The voice job. It removes personal data from what customers write, say and photograph, and analyses the rest."""
