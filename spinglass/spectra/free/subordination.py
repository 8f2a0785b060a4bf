"""The fixed point of subordination in the upper half-plane: secant steps, safe by the half-plane it must stay in."""

import numpy as np

from spinglass.spectra.free.levy import LevyLaw

SECANT, PLAIN, ROUNDS = 60, 40, 12
SMALL = 1e-13  # a residual after which one more secant step reaches rounding


def fixed_point(first, second, z, scale):
    r"""Return :math:`\omega_a` and G at a flat complex array, Im z >= 0; real z inside the support only.

    Parameters
    ----------
    first, second : Law
    z : complex array of shape (n,)
    scale : float
        Of the width of the sum.

    Raises
    ------
    ArithmeticError
        If no fixed point in the half-plane was found.
    """
    omega = np.empty(len(z), complex)
    plain = z + 1j * scale
    rest = np.arange(len(z))
    for _ in range(ROUNDS):
        if not len(rest):
            break
        found, good = _secant(first, second, z[rest], plain[rest], scale)
        omega[rest[good]] = found[good]
        rest = rest[~good]
        for _ in range(PLAIN if len(rest) else 0):  # this converges always, but may be slow
            plain[rest] = image(first, second, z[rest], plain[rest])
    if len(rest):
        raise ArithmeticError(f"no fixed point of the subordination of {first} and {second} at z = {z[rest[0]]}")
    return omega, first.upper_stieltjes(omega)


def image(first, second, z, omega):
    r"""Return :math:`z - R_b(G_a(\omega))` where R is known, else :math:`z + h_b(z + h_a(\omega))`."""
    stieltjes = first.upper_stieltjes(omega)
    if isinstance(second, LevyLaw):
        return z - second._r(stieltjes)
    other = z + 1 / stieltjes - omega
    return z + 1 / second.upper_stieltjes(other) - other


def _secant(first, second, z, start, scale):
    """Return fixed points by the secant method, and where it arrived in the half-plane above Im z."""
    omega, good = start.copy(), np.zeros(len(z), bool)
    residual = image(first, second, z, omega) - omega
    new = omega + residual
    on = np.arange(len(z))
    for _ in range(SECANT):
        here, before, missed = new[on], omega[on], residual[on]
        now = image(first, second, z[on], here) - here
        change = now - missed
        slope = np.where(change == 0, -1.0, change) / np.where(here == before, 1.0, here - before)
        better = here - now / slope
        # the fixed point is at least as high as z; a plain step always is
        inside = np.isfinite(better) & (better.imag >= z[on].imag) & (better.imag > 0)
        omega[on], residual[on] = here, now
        new[on] = np.where(inside, better, here + now)
        done = (
            (np.abs(now) <= SMALL * (np.abs(here) + scale))
            & inside
            & (new[on].imag > 1e-10 * scale * (z[on].imag == 0))
        )
        good[on[done]] = True
        on = on[~done]
        if not len(on):
            break
    return new, good
