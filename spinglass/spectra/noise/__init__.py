"""Noise around a matrix: where ``outliers`` go, how they move with the size of batches, what ``damping`` does.

All of it asks a law for its R-transform.
"""
