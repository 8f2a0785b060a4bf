"""Games of every kind and points on their spheres, for the tests of this room."""

import numpy as np

import spinglass as sg
from spinglass.landscape.solutions.orbits import merge

#: Two players that act on each other through different fields, with an odd coupling and a random field.
GENERAL = sg.SphericalGame(
    [0.4, 0.6], [{(2, 1): 1, (1, 0): 0.5}, {(1, 2): 1}, {(0, 3): 0.3}], [[1, 2, 0], [0.5, -1, 1]], [[0], [1]]
)
THREE = sg.SphericalGame([0.3, 0.3, 0.4], [{(1, 1, 1): 1, (2, 0, 0): 0.5}], [[1]], [[0, 1, 2]])

GAMES = {
    "pure 3": (sg.pure(3), (4,)),
    "pure 4": (sg.pure(4), (4,)),
    "pure 2": (sg.pure(2), (5,)),
    "mixed": (sg.mixed({1: 0.1, 3: 0.5, 4: 0.5}), (3,)),
    "mixed, even": (sg.mixed({2: 0.1, 4: 0.5}), (4,)),
    "random field": (sg.mixed({1: 0.5, 2: 1.0}), (5,)),
    "bipartite 2 1": (sg.bipartite(2, 1, kappa=0.5), (3, 3)),
    "bipartite 2 2": (sg.bipartite(2, 2, kappa=0.4), (2, 3)),
    "bipartite 1 1": (sg.bipartite(1, 1, kappa=0.4), (2, 3)),
    "gan 2 1": (sg.gan(2, 1, sigma_z=0.5, kappa=0.5), (3, 3)),
    "gan 2 2": (sg.gan(2, 2, sigma_z=2.0, kappa=0.5), (2, 2)),
    "gan 3 2": (sg.gan(3, 2, sigma_z=0.1, kappa=0.5), (2, 2)),
    "general": (GENERAL, (2, 3)),
    "three spheres": (THREE, (2, 2, 2)),
}


def random_points(sizes, rng, shape=()):
    """Return one array of shape (*shape, N_s) per sphere, uniform on it."""
    points = [rng.standard_normal((*shape, size)) for size in sizes]
    return [x / np.linalg.norm(x, axis=-1, keepdims=True) for x in points]


def random_tangents(points, rng):
    """Return one tangent vector per sphere and point."""
    vectors = [rng.standard_normal(x.shape) for x in points]
    return [v - (v * x).sum(axis=-1, keepdims=True) * x for v, x in zip(vectors, points, strict=True)]


def along_geodesic(points, vectors, t):
    """Return the points after time t on the great circles that start with these velocities."""
    moved = []
    for x, v in zip(points, vectors, strict=True):
        speed = np.linalg.norm(v, axis=-1, keepdims=True)
        moved.append(np.cos(t * speed) * x + np.sin(t * speed) * v / speed)
    return moved


def tangential(points, vectors):
    """Return vectors without their normal parts."""
    return [v - (v * x).sum(axis=-1, keepdims=True) * x for v, x in zip(vectors, points, strict=True)]


def together(points):
    """Return the points of an answer as rows of all coordinates."""
    return np.concatenate(points.points, axis=1)


def same_sets(one, other):
    """Tell whether two arrays of points hold the same points, each once."""
    rows, places = merge(one, other)
    return len(rows) == len(one) == len(other) and len(set(places)) == len(other)
