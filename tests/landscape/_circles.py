"""Equilibria on one and two circles, found without homotopy: by roots of polynomials and by sign changes on a grid."""

import numpy as np


def on_circle(angles):
    return np.stack([np.cos(angles), np.sin(angles)], axis=-1)


def count_on_circle(draw, degree):
    """Return the number of critical points of a draw on one circle: zeros of a trigonometric polynomial.

    The loss is a trigonometric polynomial of the degree of the game, known from its values at equidistant angles.
    """
    m = 2 * degree + 2
    values = draw.losses(on_circle(2 * np.pi * np.arange(m) / m))[:, 0]
    modes = np.fft.fft(values) / m
    orders = np.arange(-degree, degree + 1)
    derivative = 1j * orders * modes[orders]  # in powers of exp(i angle), from -degree to degree
    roots = np.roots(derivative[::-1])
    return int((np.abs(np.abs(roots) - 1) < 1e-7).sum())


def equilibria_on_two_circles(draw, cells=300):
    """Return angles (count, 2) of equilibria: cells in which both gradients change sign, then Newton's method.

    The gradients are differentiated by central differences.
    """
    edges = 2 * np.pi * np.arange(cells + 1) / cells + 0.1
    slopes = slopes_on_two_circles(draw, *np.meshgrid(edges, edges, indexing="ij"))
    signs = slopes > 0
    corners = signs[:-1, :-1], signs[1:, :-1], signs[:-1, 1:], signs[1:, 1:]
    changes = np.any(corners, axis=0) & ~np.all(corners, axis=0)
    i, j = np.nonzero(changes.all(axis=-1))
    angles = np.stack([edges[i], edges[j]], axis=-1) + np.pi / cells
    step = 1e-5
    for _ in range(8):
        value = slopes_on_two_circles(draw, *angles.T)
        columns = [
            (slopes_on_two_circles(draw, *(angles + d).T) - slopes_on_two_circles(draw, *(angles - d).T)) / (2 * step)
            for d in step * np.eye(2)
        ]
        angles = angles - np.linalg.solve(np.stack(columns, axis=-1), value[..., None])[..., 0]
    arrived = np.abs(slopes_on_two_circles(draw, *angles.T)).max(axis=-1) < 1e-8
    points = np.concatenate([on_circle(angles[arrived, 0]), on_circle(angles[arrived, 1])], axis=-1)
    different = []
    for x in points:
        if all(np.abs(x - y).max() > 1e-6 for y in different):
            different.append(x)
    return np.array(different)


def slopes_on_two_circles(draw, first, second):
    """Return the derivative of every player's loss by the angle of its own circle, by differences of losses."""
    step = 1e-4

    def losses(a, b):
        return draw.losses((on_circle(a), on_circle(b)))

    player = {s: a for a, moved in enumerate(draw.game.players) for s in moved}
    ahead, back = losses(first + step, second), losses(first - step, second)
    right, left = losses(first, second + step), losses(first, second - step)
    one, other = (ahead - back)[..., player[0]], (right - left)[..., player[1]]
    return np.stack([one, other], axis=-1) / (2 * step)
