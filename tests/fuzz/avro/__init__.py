"""The stream door: framed Avro messages, given to the platform's own decoder."""
