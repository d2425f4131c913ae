"""Do the work of the sales job in other engines, for comparison: Spark Structured Streaming, plain Python, and Quix Streams."""
