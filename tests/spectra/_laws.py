"""Laws of every kind, one from outside among them, and integrals against them."""

import numpy as np
from scipy.integrate import quad_vec

from spinglass.spectra import Law
from spinglass.spectra.data.empirical.empirical import Empirical
from spinglass.spectra.dyson.block_gaussian import BlockGaussian
from spinglass.spectra.free.affine import Affine
from spinglass.spectra.free.freely_divisible import FreelyDivisible, MarchenkoPastur
from spinglass.spectra.laws.percolated import PercolatedWigner, PercolatedWishart
from spinglass.spectra.laws.products import WignerProduct, WishartProduct
from spinglass.spectra.semicircle import Semicircle


def random_law(seed, species):
    """Return a block law with random parameters, zeros among its variances, and sometimes a tiny species."""
    rng = np.random.default_rng(seed)
    k = rng.dirichlet(np.ones(species)) + 0.01
    if seed % 4 == 0 and species > 1:
        k[0] = 1e-6
    v = rng.uniform(0, 1, (species, species)) * (rng.uniform(size=(species, species)) < 0.7)
    v = v + v.T + np.diag(0.3 * (v.sum(0) + v.sum(1) == 0))
    shifts = rng.normal(size=species) * rng.choice([0.0, 0.5, 3.0, 20.0])
    return BlockGaussian(v, k / k.sum(), shifts)


class Halves(Law):
    """A law from outside, in the lines that a law needs: two semicircles of half of the mass each."""

    left, right = Semicircle(0.5, -3.0), Semicircle(0.5, 3.0)
    support, atoms = np.r_[left.support, right.support], ()

    def upper(self, z):
        return [(a + b) / 2 for a, b in zip(self.left.upper(z), self.right.upper(z), strict=True)]


class Points(Law):
    """A law of points: all of it atoms."""

    support = np.empty((0, 2))

    def __init__(self, places, weights):
        self.places, self.weights = np.asarray(places, dtype=float), np.asarray(weights, dtype=float)

    def __repr__(self):
        return f"Points({self.places.tolist()}, {self.weights.tolist()})"

    @property
    def atoms(self):
        return tuple(zip(self.places.tolist(), self.weights.tolist(), strict=True))

    def upper(self, z):
        distance = z[:, None] - self.places
        on_atom = (np.abs(distance) < 1e-300).any(1)
        distance = np.where(np.abs(distance) < 1e-300, 1.0, distance)
        g = (1 / distance) @ self.weights
        phi = np.log(distance.real + 1j * np.abs(distance.imag)) @ self.weights
        phi.real[on_atom], g[on_atom] = -np.inf, np.inf
        return phi, g


ADDITIVE = [
    MarchenkoPastur(0.25, 2.0),
    Semicircle(0.5) + MarchenkoPastur(0.25),
    FreelyDivisible(0.5, 0.01, [1.0, 12.0], [1.0, 0.25]),
    FreelyDivisible(1.0, 0.0, [-3.0, 1.0, 12.0], [0.2, 0.2, 0.25]),
    Affine(BlockGaussian([[0.0, 1.0], [1.0, 0.5]], [0.7, 0.3], [0.0, 1.0]), -0.5, 1.0),
    Halves() + MarchenkoPastur(4.0),
]
LAWS = [Semicircle(), Semicircle(0.3, -2.0)] + [random_law(10 * s + i, s) for s in (1, 2, 3, 4) for i in range(4)]
PRODUCTS = [
    WishartProduct((0.5, 0.8), (0.3, 1.7)),
    WishartProduct((2.0, 2.0, 0.5)),
    WignerProduct(0.6),
    WignerProduct(2.5),
]
LAWS += [
    *ADDITIVE,
    Semicircle(0.2, 1.0).times(MarchenkoPastur(2.0)),
    Semicircle(0.2, 1.0).multiplicative_power(1.5),
    Halves().free_power(1.1),
    *PRODUCTS,
    WishartProduct((3.0, 1.2)),
    PercolatedWigner(0.3),
    PercolatedWishart(0.5, 0.5),
    Halves(),
]


def spectrum_of(columns):
    """Return the eigenvalues of a Wishart matrix of 7 rows and an outlier."""
    matrix = np.random.default_rng(1).standard_normal((7, columns))
    return np.r_[np.linalg.eigvalsh(matrix @ matrix.T / columns), 40.0]


LAWS += [Empirical(spectrum_of(30)), Empirical(np.r_[0.0, 0.0, 9.0 + np.arange(6.0), 40.0], hard_edge=0.0)]


def integral(law, f):
    """Return the integral of f(x) against the law by quadrature of its density; edges become smooth in the angle."""
    total = sum(weight * f(np.array([place]))[..., 0] for place, weight in law.atoms)
    for low, high in law.support:
        middle, radius = (low + high) / 2, (high - low) / 2

        def integrand(angle, middle=middle, radius=radius):
            x = np.array([middle - radius * np.cos(angle)])
            return (f(x) * law.density(x))[..., 0] * radius * np.sin(angle)

        # with edges of square roots the midpoints converge exponentially; other edges are left to an adaptive rule
        before = np.inf
        for count in (64, 128, 256, 512):
            angle = (np.arange(count) + 0.5) * np.pi / count
            x = middle - radius * np.cos(angle)
            part = (f(x) * law.density(x) * radius * np.sin(angle)).sum(-1) * np.pi / count
            if np.abs(part - before).max() <= 1e-12 * max(1, np.abs(part).max()):
                break
            before = part
        else:
            part = quad_vec(integrand, 0, np.pi, epsabs=1e-13, epsrel=1e-13, limit=500)[0]
        total = total + part
    return total


def width(law):
    """Return the length of the hull of the support."""
    return law.support[-1, 1] - law.support[0, 0]


def around(law, points=41):
    """Return real places over the support and beyond."""
    low, high = law.support[0, 0], law.support[-1, 1]
    return np.linspace(low - 0.3 * (high - low), high + 0.31 * (high - low), points)
