"""How well and how fast customers' words are understood: run inside the Flink image, which has the models."""
