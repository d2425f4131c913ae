"""Measure the quality and speed of the text and photo analysis, in the Flink image, which has the models."""
