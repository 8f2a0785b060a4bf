"""Local laws that all random matrices share: the largest eigenvalue, gaps and spacings, as numbers."""
