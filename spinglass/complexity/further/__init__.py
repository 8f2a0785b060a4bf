"""Landscapes that are no spherical games: a spiked tensor, a field in a parabola."""
