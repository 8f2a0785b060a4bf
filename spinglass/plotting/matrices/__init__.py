"""Eigenvalues: densities, histograms and the statistics of levels."""
