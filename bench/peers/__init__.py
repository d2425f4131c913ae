"""The work of the sales job in other engines, measured beside it: Spark Structured Streaming, plain Python, and Quix Streams."""
