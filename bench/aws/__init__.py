"""Try the lake on AWS against a simulation of it (run.sh)."""
