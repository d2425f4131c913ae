"""The feedback page and the other places where customers write to the company."""
