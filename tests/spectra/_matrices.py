"""Spectra of sampled matrices beside a law, atoms included."""

import numpy as np


def eigenvalues(matrix):
    """Return the eigenvalues of a symmetric matrix, zeros of rounding as plain zeros."""
    values = np.linalg.eigvalsh(matrix)
    return np.where(np.abs(values) < 1e-13 * np.abs(values).max(), 0.0, values)


def distance(law, values):
    """Return the Kolmogorov-Smirnov distance of eigenvalues from a law, on both sides of every step."""
    values = np.sort(values)
    right = np.searchsorted(values, values, "right") / values.size
    left = np.searchsorted(values, values, "left") / values.size
    jump = np.array([sum(weight for place, weight in law.atoms if place == x) for x in np.unique(values)])
    below = law.cdf(values) - np.repeat(jump, np.unique(values, return_counts=True)[1])
    return max(np.abs(law.cdf(values) - right).max(), np.abs(below - left).max())


def moments(law, count):
    """Return the moments 0 .. count of a law, from G on a circle around its hull."""
    places = np.r_[law.support.ravel(), [place for place, _ in law.atoms]]
    middle, radius = (places.min() + places.max()) / 2, np.ptp(places)
    offset = radius * np.exp(2j * np.pi * (np.arange(128) + 0.5) / 128)
    weight = law.stieltjes(middle + offset) * offset
    return np.array([np.mean((middle + offset) ** k * weight).real for k in range(count + 1)])
