"""Hessians of loss surfaces: of neural networks at random data as free sums, and of Gaussian processes."""
