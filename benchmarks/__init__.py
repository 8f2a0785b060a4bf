"""Measured answers to the questions of a user; `python -m benchmarks` runs them all and writes the tables."""
