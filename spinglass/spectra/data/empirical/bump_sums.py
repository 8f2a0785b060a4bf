r"""Sums over many bumps of the shape :math:`(1-y^2)^{3/2}` in compiled code.

With centre c, radius r, weight w, :math:`y = (z - c)/r` and the small root :math:`q = y - \sqrt{y^2-1}`, for which
:math:`\int U_n(t)\sqrt{1-t^2}/(y-t)\,dt = \pi q^{n+1}` with Chebyshev's polynomials,

.. math:: \rho = \sum \frac{8w}{3\pi r}(1-y^2)^{3/2} , \qquad G = \sum \frac{2w}r\Big(q - \frac{q^3}3\Big) , \qquad
          \Phi = \sum w\,\Big(\log\frac r2 - \log q + \frac{2q^2}3 - \frac{q^4}{12}\Big) .
"""

import math

import numpy as np

from spinglass.running.compiled import kernel, part


@part
def outer(x, y):
    """Return 1/q at y in the upper half-plane: the root of y^2 - 1 that lies there is the one that grows."""
    a, b = (x - 1.0) * (x + 1.0) - y * y, 2.0 * x * y
    size = math.hypot(a, b)
    if a > 0.0:
        u = math.sqrt(0.5 * (size + a))
        v = abs(b) / (2.0 * u)
    else:
        v = math.sqrt(0.5 * (size - a))
        u = abs(b) / (2.0 * v) if v > 0.0 else 0.0
    return x + (u if x >= 0.0 else -u), y + v


@part
def upper_angle(y):
    """Return pi times the mass above a real y inside the bump."""
    return math.acos(y) - y * math.sqrt((1.0 - y) * (1.0 + y)) * (5.0 - 2.0 * y * y) / 3.0


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
                    t = (1.0 - y) * (1.0 + y)
                    real += f * y * (2.0 - y * y * 4.0 / 3.0)
                    imag -= f * 4.0 / 3.0 * t * math.sqrt(t)
                else:
                    size = abs(y)
                    q = 1.0 / (size + math.sqrt((size - 1.0) * (size + 1.0)))
                    real += math.copysign(f * (q - q * q * q / 3.0), y)
            else:
                u, v = outer(y, h / r)
                square = u * u + v * v
                p, t = u / square, -v / square
                a, b = (p - t) * (p + t), 2.0 * p * t
                real += f * (p - (p * a - t * b) / 3.0)
                imag += f * (t - (p * b + t * a) / 3.0)
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
                    a = 2.0 * y * y - 1.0
                    real += w * (math.log(0.5 * r) + a * 2.0 / 3.0 - (2.0 * a * a - 1.0) / 12.0)
                    imag += w * upper_angle(y)
                else:
                    size = abs(y)
                    s = size + math.sqrt((size - 1.0) * (size + 1.0))
                    a = 1.0 / (s * s)
                    real += w * (math.log(0.5 * r * s) + a * 2.0 / 3.0 - a * a / 12.0)
                    imag += w * math.pi if y < 0.0 else 0.0
            else:
                u, v = outer(y, h / r)
                square = u * u + v * v
                p, t = u / square, -v / square
                a, b = (p - t) * (p + t), 2.0 * p * t
                real += w * (math.log(0.5 * r * math.sqrt(square)) + a * 2.0 / 3.0 - (a - b) * (a + b) / 12.0)
                imag += w * (math.atan2(v, u) + b * 2.0 / 3.0 - a * b / 6.0)
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
                t = (1.0 - y) * (1.0 + y)
                total += 2.0 * weights[k] / radii[k] * 4.0 / 3.0 * t * math.sqrt(t)
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
                total += weights[k] * (1.0 - upper_angle(apart / radii[k]) / math.pi)
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
