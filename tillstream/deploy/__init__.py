"""The one-shot services. Each creates what a contract or a file describes, and can be run again at any time."""
