"""A spectrum that probes know, as a fit asks for it."""
