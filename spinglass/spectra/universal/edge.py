r"""The largest (or smallest) eigenvalue of a symmetric matrix of a law: where it lies, and how far it moves.

Where a density ends as a square root,

.. math:: \rho(E - x) \simeq \frac{a^{3/2}}\pi\sqrt x , \qquad n^{2/3} a\,(\lambda_{\max} - E) \to \mathrm{TW}_1 .

The coefficient a is read off from the density close to the edge: :math:`\rho(E - x)/\sqrt x` is a power series in x,
extrapolated to 0.  For Wigner's and Wishart's matrices centre and scale are known better at finite n.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spinglass.inputs.checks import checked_integer, instance, one_of, real_points
from spinglass.spectra.free.affine import Affine
from spinglass.spectra.free.freely_divisible import FreelyDivisible
from spinglass.spectra.free.levy import LevyLaw
from spinglass.spectra.law import Law
from spinglass.spectra.semicircle import Semicircle
from spinglass.spectra.universal.edge_shift import moved_edge
from spinglass.spectra.universal.tracy_widom import TracyWidom

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Numbers

SIDES = ("right", "left")
ORDER = 8  # of the extrapolation
WIDTHS = 0.3 * 0.25 ** np.arange(9)  # of the bulk, over which the density is read, one after the other
AGREE = 1e-4  # of the coefficients of two widths, relatively
POWERS = {1: (0.5, 0.15), -1: (0.25, -0.1)}  # of Wishart's largest and smallest eigenvalue, and what shifts them
NEAR = 0.6  # of scale to distance from 0: above, the smallest eigenvalue feels 0
TW1 = TracyWidom(1)


@dataclass(frozen=True)
class Edge:
    r"""Law of the extreme eigenvalue at one side of a spectrum: centre +- scale times a Tracy-Widom variable.

    At finite n a power of the distance from a wall, where there is one, comes closer to the limit, so that it takes the
    place of the eigenvalue: with d the distance of the centre and r that of the eigenvalue,

    .. math:: \mathrm{TW}_1 \approx \pm\frac d{p\,\mathrm{scale}}\Big(\big(\tfrac rd\big)^p - 1\Big) .

    Attributes
    ----------
    law : Law
    n : int
        Size of the matrix.
    side : {"right", "left"}
    centre, scale : float
        :math:`\lambda_{\max}` is about centre + scale :math:`\mathrm{TW}_1`, and :math:`\lambda_{\min}` is about
        centre - scale :math:`\mathrm{TW}_1`.
    wall : float
        What no eigenvalue of a Wishart matrix passes.
    power : float
        p; 1 for all others.
    """

    law: Law
    n: int
    side: str
    centre: float
    scale: float
    wall: float = 0.0
    power: float = 1.0

    def p_value(self, eigenvalue: Numbers) -> Numbers:
        """Return the probability that the extreme eigenvalue lies at least as far out.

        Parameters
        ----------
        eigenvalue : float array of any shape

        Returns
        -------
        float array of the shape of eigenvalue
            0 where no float can hold it.

        Raises
        ------
        ValueError, TypeError
            For anything but finite real numbers.

        Examples
        --------
        >>> import spinglass as sg
        >>> sg.spectra.edge(sg.spectra.Semicircle(), 400).p_value([1.98, 2.02, 2.1]).round(9)
        array([4.21595935e-01, 3.90691750e-02, 6.90100000e-06])
        """
        return TW1._tails(self._variable(real_points("eigenvalue", eigenvalue)))[1]

    def quantile(self, alpha: Numbers) -> Numbers:
        """Return the place below which the extreme eigenvalue lies with probability alpha.

        Parameters
        ----------
        alpha : float array of any shape
            From 1e-280 to 1, which is excluded.

        Raises
        ------
        ValueError, TypeError
            If some alpha is no such number.

        Examples
        --------
        >>> import spinglass as sg
        >>> sg.spectra.edge(sg.spectra.Semicircle(), 400, "left").quantile([0.01, 0.5]).round(6)
        array([-2.03603 , -1.975377])
        """
        t = TW1.quantile(alpha) if self.side == "right" else TW1.isf(alpha)
        if self.power == 1:
            return self.centre + self._outwards * self.scale * t
        apart = self.centre - self.wall
        rise = 1 + self._away * self.power * self.scale / abs(apart) * t
        return self.wall + apart * np.maximum(rise, 0.0) ** (1 / self.power)

    def _variable(self, eigenvalue):
        """Return the Tracy-Widom variable of an eigenvalue; infinite behind the wall."""
        if self.power == 1:
            return self._outwards * (eigenvalue - self.centre) / self.scale
        apart = self.centre - self.wall
        share = (eigenvalue - self.wall) / apart
        rise = np.maximum(share, 0.0) ** self.power - 1
        return np.where(share > 0, self._away * rise * abs(apart) / (self.power * self.scale), -self._away * np.inf)

    @property
    def _outwards(self):
        return 1 if self.side == "right" else -1

    @property
    def _away(self):
        """Whether outwards is away from the wall, 1, or towards it, -1."""
        return self._outwards * (1 if self.centre > self.wall else -1)


def edge(law: Law, n: int, side: str = "right") -> Edge:
    r"""Return the law of the largest or smallest eigenvalue of a real symmetric matrix of size n of a law.

    Parameters
    ----------
    law : Law
        With a square-root edge at that side, and no atom beyond.
    n : int
        Size of the matrix, from 2 to 2^53.
    side : {"right", "left"}, optional

    Returns
    -------
    Edge
        With ``centre``, ``scale``, ``p_value(eigenvalue)`` and ``quantile(alpha)``.

    Raises
    ------
    ValueError, TypeError
        If the density does not end as a square root there (a hard edge, a cusp, a tail), or an atom lies there.

    Notes
    -----
    The semicircle stands for a GOE matrix as :meth:`Semicircle.sample` draws it, with :math:`m = n - \tfrac12` for n:

    .. math:: 2\sqrt{v m/n} , \qquad \sqrt{v/n}\,m^{-1/6} ;

    a Marchenko-Pastur law for :math:`XX^T/M`, X of size n x M, with :math:`a = \sqrt{M - \tfrac12}`,
    :math:`b = \pm\sqrt{n - \tfrac12}`:

    .. math:: \frac{(a + b)^2}M , \qquad \frac{|a + b|}M\,\Big|\frac1a + \frac1b\Big|^{1/3} ,

    for the root of the largest eigenvalue, and for the fourth root of the smallest.  These powers, and a shift of the
    variable by 0.15 and 0.1 of scale/centre, were chosen by what sampled matrices of size 10 to 100 say.  For other
    sums of Gaussian and Wishart matrices the centre is that of :mod:`~spinglass.spectra.universal.edge_shift`, right to
    the order 1/n; for all other laws it is the edge itself.

    Accuracy
    --------
    Distance of the distribution function from that of 10^5 sampled matrices (whose noise is 0.003), at n = 20, 50, 100,
    and what a tail of 1 percent holds at n = 20:

    - GOE: 0.007, 0.003, 0.002; 0.9 percent (with the bare edge 0.067, 0.047, 0.037; 0.7 percent).
    - Marchenko-Pastur of ratio 0.5: largest 0.004, 0.003, 0.004, smallest 0.006, 0.004, 0.004; 0.9 percent. Smallest of
      ratio 0.8, nearer to the hard edge: 0.012, 0.010, 0.006; 0.65 percent.
    - Sums of a GOE and one or two Wishart matrices, by 20 000, 16 000 and 6000 samples: 0.013 to 0.085 (where one has
      4 columns), 0.009 to 0.041, below 0.03; 0.5 to 1.1 percent.
    - Products of two Wishart matrices, and a matrix of two blocks, whose centre is the bare edge, at n = 50, 100, 200:
      0.03 to 0.08, 0.03 to 0.09, 0.03 to 0.06; at n = 50 a tail of 1 percent holds 0.3 to 0.8 percent.

    References
    ----------
    Johnstone, Ma (2012) for the GOE; Ma (2012) for Wishart matrices; derived here for sums and powers.

    Examples
    --------
    >>> import spinglass as sg
    >>> edge = sg.spectra.edge(sg.spectra.MarchenkoPastur(0.5), 100)
    >>> print(f"{edge.centre:.6f} {edge.scale:.6f} {edge.p_value(3.1):.6f} {edge.quantile(0.95):.6f}")
    2.903678 0.066886 0.002119 2.969550
    """
    law, side = instance("law", law, Law, "a spectral law"), one_of("side", side, SIDES)
    n = checked_integer("n", n, 2, 2**53)
    _no_atom_beyond(law, side)
    return Edge(law, n, side, *_parameters(law, n, side))


def _parameters(law, n, side):
    """Return centre, scale, wall and power, by the best formula that is known for a law."""
    sign = 1 if side == "right" else -1
    if isinstance(law, Affine):
        other = side if law.factor > 0 else SIDES[side == "right"]
        centre, scale, wall, power = _parameters(law.law, n, other)
        return law.factor * centre + law.shift, abs(law.factor) * scale, law.factor * wall + law.shift, power
    if isinstance(law, Semicircle):
        deviation, m = np.sqrt(law.variance), n - 0.5
        centre = law.mean + sign * 2 * deviation * np.sqrt(m / n)
        return float(centre), float(deviation * n**-0.5 * m ** (-1 / 6)), 0.0, 1.0
    if isinstance(law, FreelyDivisible) and law.semicircle == 0 and len(law.jumps) == 1:
        drift, _, (jump,), (rate,) = law._triple
        if rate * n >= 1:
            apart, scale, power = _wishart(n, rate * n, int(sign * np.sign(jump)), law)
            return float(drift + jump * apart / n), float(abs(jump) * scale / n), float(drift), power
    moved = moved_edge(law, n, side) if isinstance(law, LevyLaw) else None
    place, coefficient = moved or square_root_edge(law, side)
    return place, float(n ** (-2 / 3) / coefficient), 0.0, 1.0


def _wishart(n, columns, sign, law):
    """Return centre, scale and power of the largest (sign 1) or smallest eigenvalue of X X^T."""
    a, b = np.sqrt(columns - 0.5), sign * np.sqrt(n - 0.5)
    power, shift = POWERS[sign]
    scale = abs(a + b) * np.cbrt(abs(1 / a + 1 / b))
    middle = (a + b) ** 2
    if sign < 0 and not scale < NEAR * middle:
        raise ValueError(
            f"law: expected a smallest eigenvalue well above the hard edge of {law}, got n = {n}; try a larger n, "
            "or a ratio farther from 1"
        )
    moved = 1 - power * shift * (scale / middle) ** 2  # to the power p, by what shifts the variable
    return middle * moved ** (1 / power), scale * moved ** (1 / power - 1), power


def square_root_edge(law: Law, side: str) -> tuple[float, float]:
    r"""Return the edge E of a law and a of :math:`\rho(E - x) \simeq a^{3/2}\sqrt x/\pi`, from its density.

    Parameters
    ----------
    law : Law
    side : {"right", "left"}

    Raises
    ------
    ValueError
        If two widths of the extrapolation never agree: the density does not end as a square root.

    Accuracy
    --------
    a to 1e-12 for the semicircle and for Marchenko-Pastur laws up to ratio 0.5, to 3e-11 at the left edge of ratio 0.9.

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.spectra.universal.edge import square_root_edge
    >>> place, a = square_root_edge(sg.spectra.Semicircle(variance=4.0), "right")
    >>> print(f"{place} {a:.9f}")
    4.0 0.500000000
    """
    low, high = law.support[-1 if side == "right" else 0]
    place, inwards = (high, -1) if side == "right" else (low, 1)
    t = (1 - np.cos(np.pi * (np.arange(ORDER) + 0.5) / ORDER)) / 2
    x = WIDTHS[:, None] * (high - low) * t
    ratios = law.density((place + inwards * x).ravel()).reshape(x.shape) / np.sqrt(x)
    at_zero = ratios @ _weights_at_zero(t)
    steps = np.abs(np.diff(at_zero))
    if np.all(np.isfinite(at_zero)):
        best = np.argmin(steps)
        if steps[best] < AGREE * at_zero[best + 1]:
            return float(place), float((np.pi * at_zero[best + 1]) ** (2 / 3))
    raise ValueError(
        f"law: expected a density that ends as a square root at its {side} edge {place:.6g}, got {law}, which does not"
    )


def _weights_at_zero(t):
    """Return the weights that extrapolate a polynomial from places t to 0."""
    apart = t[:, None] - t
    np.fill_diagonal(apart, 1.0)
    factors = np.where(np.eye(len(t), dtype=bool), 1.0, -t / apart)
    return factors.prod(1)


def _no_atom_beyond(law, side):
    """Refuse laws whose extreme eigenvalue is an atom, or that have atoms only."""
    if not len(law.support):
        raise ValueError(f"law: expected a law with a density, got {law}")
    low, high = law.support[0, 0], law.support[-1, 1]
    for place, weight in law.atoms:
        if (place >= high) if side == "right" else (place <= low):
            raise ValueError(
                f"law: expected the {side} edge of a density to be its end, got an atom of weight {weight:.3g} at "
                f"{place:.6g}; try side={SIDES[side == 'right']!r}"
            )
