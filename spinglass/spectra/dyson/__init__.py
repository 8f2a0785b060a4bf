"""Block Gaussian matrices: their Dyson equation, their law and their log-determinant."""
