"""Complexities: curves and contours over energies and parameters."""
