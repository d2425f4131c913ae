"""Code that all jobs share: DDL from the contracts, submission, restore points."""
