"""Photos that customers send: what is on them, and a copy on which nobody is to be recognised."""
