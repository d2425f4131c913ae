"""The one-shot services: each makes what a contract or a file says, and can be run again at any time."""
