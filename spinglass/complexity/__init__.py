"""What the Kac-Rice formula says of a model: the exponential growth rate of its mean number of critical points."""
