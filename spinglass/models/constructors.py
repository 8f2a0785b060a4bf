"""The named models: one-sphere spin glasses, bipartite ones, and the two coupled glasses of a GAN."""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING

from spinglass.inputs.capacity import within
from spinglass.inputs.checks import checked_integer, checked_number, shown
from spinglass.models.fields import covariance_of
from spinglass.models.game import SphericalGame

if TYPE_CHECKING:
    from spinglass.inputs.annotations import CovarianceLike, Number

LAYERS = 1000  # p + q at which the largest derivative of (q1 + q2)^(p+q) still is a float64


def pure(p: int) -> SphericalGame:
    r"""The pure spherical p-spin glass, :math:`\xi(q) = q^p`.

    Parameters
    ----------
    p : int
        Degree, at least 2.

    Returns
    -------
    SphericalGame

    References
    ----------
    Crisanti, Sommers (1992); Auffinger, Ben Arous, Cerny (2013), Random matrices and complexity of spin glasses.

    Examples
    --------
    >>> import spinglass as sg
    >>> print(sg.pure(3))
    L1 = f1 (moves x);  xi1 = q^3
    """
    return SphericalGame([1], [{(checked_integer("p", p, 2),): 1}], [[1]], [[0]])


def mixed(coefficients: CovarianceLike) -> SphericalGame:
    r"""A mixed spherical spin glass, :math:`\xi(q) = \sum_p c_p q^p`; a term ``1: s`` is a random field.

    Parameters
    ----------
    coefficients : mapping of int to number, list, numpy polynomial, or sympy expression in q
        Degree p >= 1 to the variance c_p >= 0 of that term; as a list from degree 0 on, with 0 there.  Or any function
        of q with :math:`\xi(0) = 0` and non-negative Taylor coefficients (:mod:`spinglass.models.kernels`).  At least
        one term of degree 2 or more is needed.

    Returns
    -------
    SphericalGame

    References
    ----------
    Auffinger, Ben Arous (2013), Complexity of random smooth functions on the high-dimensional sphere;
    Fyodorov (2013), High-dimensional random fields and random matrix theory (the random field).

    Examples
    --------
    >>> import spinglass as sg
    >>> print(sg.mixed({3: .5, 4: .5}))
    L1 = f1 (moves x);  xi1 = 0.5 q^3 + 0.5 q^4
    >>> sg.mixed([0, 0, 0, .5, .5]) == sg.mixed({3: .5, 4: .5})
    True

    The mean number of critical points depends on xi'(1) and xi''(1) alone: exp(2q) has that of the pure 3-spin.

    >>> import sympy
    >>> kernel = sg.mixed(sympy.exp(2 * sympy.Symbol("q")) - 1)
    >>> print(kernel)
    L1 = f1 (moves x);  xi1 = exp(2*q) - 1
    >>> print(*(sg.complexity(model).total(arithmetic=sg.symbols) for model in (kernel, sg.pure(3))))
    log(2)/2 log(2)/2
    """
    if hasattr(coefficients, "items"):
        xi = {(checked_integer("coefficients: degree", p, 1),): c for p, c in coefficients.items()}
    elif hasattr(coefficients, "__iter__") or hasattr(coefficients, "free_symbols"):
        xi = covariance_of("coefficients", coefficients, 1)
    else:
        raise TypeError(
            "coefficients: expected a mapping such as {3: .5, 4: .5}, a list by degree or an expression in q, got "
            f"{shown(coefficients)}"
        )
    game = SphericalGame([1], [xi], [[1]], [[0]])
    if game.fields[0].support == ((1,),):
        raise ValueError(
            f"coefficients: expected a term of degree 2 or more, got {shown(coefficients)}: a linear function"
        )
    return game


def bipartite(p: int, q: int, kappa: Number) -> SphericalGame:
    r"""The bipartite spherical spin glass, :math:`\xi(q_1, q_2) = q_1^p q_2^q`, one Hamiltonian on two spheres.

    Parameters
    ----------
    p, q : int
        Degrees in the two spheres, at least 1.
    kappa : number
        Fraction of the dimensions on the first sphere, in (0, 1).

    Returns
    -------
    SphericalGame

    Notes
    -----
    At kappa = p/(p+q) its complexity is that of the pure (p+q)-spin glass.

    References
    ----------
    Auffinger, Chen (2014), Free energy and complexity of spherical bipartite models; McKenna (2024).

    Examples
    --------
    >>> import spinglass as sg
    >>> print(sg.bipartite(2, 3, kappa=.5))
    L1 = f1 (moves x1, x2);  xi1 = q1^2 q2^3;  fractions 0.5, 0.5
    """
    exponents = (checked_integer("p", p, 1), checked_integer("q", q, 1))
    kappa = _kappa(kappa)
    return SphericalGame([kappa, 1 - kappa], [{exponents: 1}], [[1]], [[0, 1]])


def gan(p: int, q: int, sigma_z: Number, kappa: Number) -> SphericalGame:
    r"""Two coupled spherical spin glasses, the discriminator D and the generator G of a GAN.

    The data enter D alone, :math:`\xi_D = q_1^p`; generated data enter both, :math:`\xi_G = (q_1 + q_2)^{p+q}`:
    :math:`L_D = f_D - \sigma_z f_G` and :math:`L_G = \sigma_z f_G`.

    Parameters
    ----------
    p, q : int
        Numbers of layers of D (at least 2) and G (at least 1).
    sigma_z : number
        Size of the latent noise, > 0.  At 0 the generator has no equation of motion.
    kappa : number
        Fraction of the dimensions in D, in (0, 1).

    Returns
    -------
    SphericalGame

    References
    ----------
    Baskerville, Keating, Mezzadri, Najnudel (2022), A spin glass model for the loss surfaces of generative
    adversarial networks, J. Stat. Phys.

    Examples
    --------
    >>> import spinglass as sg
    >>> print(sg.gan(p=2, q=1, sigma_z=.5, kappa=.9).fields[0])
    (((2, 0), 1),)
    """
    p, q, kappa = checked_integer("p", p, 2), checked_integer("q", q, 1), _kappa(kappa)
    within("p + q", p + q, LAYERS, "its binomials are beyond float64: try fewer layers")
    sigma_z = checked_number("sigma_z", sigma_z)
    if sigma_z <= 0:
        reason = (
            ": the generator has no equation of motion; use sg.pure(p) for the discriminator" if sigma_z == 0 else ""
        )
        raise ValueError(f"sigma_z: expected a positive number, got {sigma_z}{reason}")
    n = p + q
    generated = {(k, n - k): comb(n, k) for k in range(n + 1)}
    return SphericalGame([kappa, 1 - kappa], [{(p, 0): 1}, generated], [[1, -sigma_z], [0, sigma_z]], [[0], [1]])


def _kappa(kappa):
    kappa = checked_number("kappa", kappa)
    if not 0 < kappa < 1:
        raise ValueError(f"kappa: expected a fraction strictly between 0 and 1, got {kappa}")
    return kappa


def is_gan(model: SphericalGame) -> bool:
    """Return whether a model equals one that :func:`gan` makes, for some p, q, sigma_z and kappa.

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.models.constructors import is_gan
    >>> is_gan(sg.gan(3, 2, .5, .5)), is_gan(sg.bipartite(2, 3, kappa=.5))
    (True, False)
    """
    if len(model.fractions) != 2 or len(model.fields) != 2 or len(model.losses) != 2:
        return False
    data, generated = (xi.support for xi in model.fields)
    if len(data) != 1 or data[0][1] != 0 or not generated:
        return False
    p, noise = data[0][0], model.losses[1][1]
    q = len(generated) - 1 - p  # all powers of q1 + q2 of one degree
    fits = p >= 2 and q >= 1 and p + q <= LAYERS and noise > 0
    return fits and model == gan(p, q, noise, model.fractions[0])
