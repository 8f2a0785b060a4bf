"""Noise around a matrix: outliers, batches, damping."""
