r"""Sums over many semicircles in compiled code.

With centre c, radius r, weight w, :math:`y = (z - c)/r` and :math:`s = y + \sqrt{y^2 - 1}`, of size at least 1,

.. math:: \Phi(z) = \sum w\,\big(\log\tfrac r2 + \log s + \tfrac1{2s^2}\big) , \qquad G(z) = \sum \frac{2w}{rs} .
"""

import math

import numpy as np

from spinglass.running.compiled import kernel, part


@part
def outer(x, y):
    """Return s at y in the upper half-plane: the root of y^2 - 1 that lies there is the one that grows."""
    a, b = (x - 1.0) * (x + 1.0) - y * y, 2.0 * x * y
    size = math.hypot(a, b)
    if a > 0.0:
        u = math.sqrt(0.5 * (size + a))
        v = abs(b) / (2.0 * u)
    else:
        v = math.sqrt(0.5 * (size - a))
        u = abs(b) / (2.0 * v) if v > 0.0 else 0.0
    return x + (u if x >= 0.0 else -u), y + v


@kernel
def stieltjes_sum(z, centres, radii, weights, g):
    """Fill G at complex z, Im z >= 0."""
    for i in range(len(z)):
        x, h = z[i].real, z[i].imag
        real, imag = 0.0, 0.0
        for k in range(len(centres)):
            r = radii[k]
            y, f = (x - centres[k]) / r, 2.0 * weights[k] / r
            if h == 0.0:
                if abs(y) < 1.0:
                    real += f * y
                    imag -= f * math.sqrt((1.0 - y) * (1.0 + y))
                else:
                    size = abs(y)
                    real += math.copysign(f / (size + math.sqrt((size - 1.0) * (size + 1.0))), y)
            else:
                u, v = outer(y, h / r)
                square = u * u + v * v
                real += f * u / square
                imag -= f * v / square
        g[i] = complex(real, imag)


@kernel
def potential_sum(z, centres, radii, weights, phi):
    """Fill Phi at complex z, Im z >= 0."""
    for i in range(len(z)):
        x, h = z[i].real, z[i].imag
        real, imag = 0.0, 0.0
        for k in range(len(centres)):
            r, w = radii[k], weights[k]
            y = (x - centres[k]) / r
            if h == 0.0:
                if abs(y) < 1.0:
                    real += w * (math.log(0.5 * r) + y * y - 0.5)
                    imag += w * (math.acos(y) - y * math.sqrt((1.0 - y) * (1.0 + y)))
                else:
                    size = abs(y)
                    s = size + math.sqrt((size - 1.0) * (size + 1.0))
                    real += w * (math.log(0.5 * r * s) + 0.5 / (s * s))
                    imag += w * math.pi if y < 0.0 else 0.0
            else:
                u, v = outer(y, h / r)
                square = u * u + v * v
                p, q = u / square, v / square
                real += w * (math.log(0.5 * r) + 0.5 * math.log(square) + 0.5 * (p - q) * (p + q))
                imag += w * (math.atan2(v, u) - p * q)
        phi[i] = complex(real, imag)


@kernel
def density_sum(x, centres, radii, weights, density):
    """Fill the density at real x."""
    for i in range(len(x)):
        total = 0.0
        for k in range(len(centres)):
            apart = x[i] - centres[k]
            if abs(apart) < radii[k]:
                y = apart / radii[k]
                total += 2.0 * weights[k] / radii[k] * math.sqrt((1.0 - y) * (1.0 + y))
        density[i] = total / np.pi


@kernel
def mass_below(x, centres, radii, weights, mass):
    """Fill the mass up to real x."""
    for i in range(len(x)):
        total = 0.0
        for k in range(len(centres)):
            apart = x[i] - centres[k]
            if apart >= radii[k]:
                total += weights[k]
            elif apart > -radii[k]:
                y = apart / radii[k]
                total += weights[k] * (1.0 - (math.acos(y) - y * math.sqrt((1.0 - y) * (1.0 + y))) / math.pi)
        mass[i] = total


@kernel
def add_atoms(z, places, weights, phi, g):
    """Add what atoms contribute to Phi and G; on an atom the real parts are -inf and inf."""
    for i in range(len(z)):
        for k in range(len(places)):
            apart, w = z[i] - places[k], weights[k]
            if apart == 0.0:
                phi[i] += complex(-math.inf, 0.0)
                g[i] += complex(math.inf, 0.0)
            elif apart.imag == 0.0:
                phi[i] += complex(w * math.log(abs(apart.real)), w * math.pi if apart.real < 0.0 else 0.0)
                g[i] += w / apart.real
            else:
                size = math.hypot(apart.real, apart.imag)
                phi[i] += complex(w * math.log(size), w * math.atan2(apart.imag, apart.real))
                g[i] += complex(w * apart.real / size / size, -w * apart.imag / size / size)
