r"""The constants of the code published with the paper, which differ from the exact local law.

* With n = p+q its matrix is :math:`H = bM + b_1(M_1 \oplus 0) - x_1(I \oplus 0)`, GOE of radius :math:`\sqrt2`, M_1
  scaled by its own size, :math:`b = \sigma_z\sqrt{2^n n(n-1)}`, :math:`b_1 = \sqrt{p(p-1)\kappa}`: variances lack the
  factors that a sum of two overlaps equal to 2 brings;
* the weight is :math:`-x^2/2s^2 - x_1^2/2s_1^2`, :math:`s^2 = \sigma_z^2 n^2 2^{3n}/2`, :math:`s_1^2 = p^2/2`: the
  second radial derivative of the generator's field is missing;
* the conditions are :math:`x < n 2^n u_G`, :math:`x_1 > -p x/(n 2^n) - p u_D`, and the constant is too large (the limit
  of a decoupled discriminator must give :math:`\tfrac12\log(p-1)`);
* an index k_G > 0 costs :math:`k_G\kappa I(|x|/\sqrt{2\kappa'}b)` and k_D > 0 costs
  :math:`k_D\kappa' I(|x+x_1|/\sqrt{2\kappa(b^2+b_1^2)})`: the fractions are exchanged and both signs of the shifts are
  let in; an index 0 asks for nothing.
"""

import functools

import numpy as np

from spinglass.complexity.games.linear import Linear
from spinglass.complexity.games.supremum import NONE, Annealed, Outliers
from spinglass.models import LocalLaw
from spinglass.spectra import BlockGaussian

#: The parameters of most figures.
MODEL: dict = {"p": 3, "q": 3, "sigma_z": 1.0, "kappa": 0.9}


def scales(p, q, sigma_z, kappa):
    """Return b, b_1, s and s_1."""
    n = p + q
    b, b1 = sigma_z * np.sqrt(2.0**n * n * (n - 1)), np.sqrt(p * (p - 1) * kappa)
    return b, b1, sigma_z * n * 2 ** (1.5 * n) / np.sqrt(2), p / np.sqrt(2)


def hessian(kappa, b, b1, x1):
    """Return the spectral law of the published H."""
    full, extra = b * b / 2, b1 * b1 / (2 * kappa)
    return BlockGaussian([[full + extra, full], [full, full]], [kappa, 1 - kappa], [-x1, 0.0])


def constant(p, q, sigma_z, kappa):
    """Return the published constant K."""
    n, other = p + q, 1 - kappa
    return (
        6.5 * np.log(2)
        + 5 * np.log(np.pi)
        - kappa / 2 * np.log(p + sigma_z**2 * n * 2**n)
        - other / 2 * np.log(sigma_z**2 * n * 2**n)
        - kappa / 2 * np.log(kappa)
        - other / 2 * np.log(other)
    )


class Published(Annealed):
    r"""The published complexity as a supremum over normals (g, g_1), :math:`x = s g`, :math:`x_1 = s_1 g_1`.

    Its two "losses" are the left sides of the published conditions: u_G = x/(n 2^n), u_D = -x/(n 2^n) - x_1/p.
    ``sides`` are the signs of :math:`-(x + x_1)` and of x where an index is asked for.
    """

    def __init__(self, p, q, sigma_z, kappa, sides=(1, 1)):
        n = p + q
        b, b1, s, s1 = scales(p, q, sigma_z, kappa)
        variance = hessian(kappa, b, b1, 0.0).variances
        signs = np.array([sides[0], -sides[1]])  # rows of H that are flipped so that the shifts are positive
        law = LocalLaw(
            fractions=np.array([kappa, 1 - kappa]),
            gradient_variance=np.ones(2),
            jacobian_variance=variance,
            jacobian_covariance=variance * np.outer(signs, signs),
            losses=np.array([[-s / (n * 2**n), -s1 / p], [s / (n * 2**n), 0.0]]),
            shifts=signs[:, None] * np.array([[-s, -s1], [-s, 0.0]]),
            signs=tuple(int(sign) for sign in signs),
            players=((0,), (1,)),
        )
        super().__init__(law, constant(p, q, sigma_z, kappa))
        self.edges[0] = np.sqrt(2 * kappa * (b**2 + b1**2))

    def outliers(self, index):
        """Return the species of an index: an index 0 asks for nothing."""
        return Outliers(*zip(*((s, k) for s, k in enumerate(index) if k), strict=True)) if any(index) else NONE

    def costs(self, outliers):
        """Return their costs, with the fractions exchanged."""
        costs = np.zeros(2)
        for s, k in zip(*outliers, strict=True):
            costs[s] = k * self.local.fractions[1 - s]
        return costs


@functools.lru_cache(maxsize=32)
def _published(*parameters):
    return Published(*parameters)


def below(p, q, sigma_z, kappa, u_d, u_g, index=(0, 0)):
    """Return the published Theta at or below two energies (arrays broadcast)."""
    u_d, u_g = np.broadcast_arrays(np.asarray(u_d, dtype=float), np.asarray(u_g, dtype=float))
    points = np.stack([u_d.ravel(), u_g.ravel()], axis=1)
    best = np.full(len(points), -np.inf)
    for side_d in (1, -1) if index[0] else (1,):
        for side_g in (1, -1) if index[1] else (1,):
            annealed = _published(p, q, sigma_z, kappa, (side_d, side_g))
            found = annealed.supremum(Linear.at_most(annealed.local.losses, points), annealed.outliers(index))
            best = np.maximum(best, found.values)
    return best.reshape(u_d.shape)
