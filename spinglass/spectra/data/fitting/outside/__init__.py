"""Eigenvalues outside the bulk: which they are, what they take from it, and samples that have them."""
