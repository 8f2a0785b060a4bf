"""The fixed point of subordination in the upper half-plane: secant steps, safe by the half-plane it must stay in."""

import numpy as np

from spinglass.spectra.free.levy import LevyLaw

SECANT, PLAIN, ROUNDS = 60, 40, 12
LEAST = 1e-10  # height of a fixed point of real z, in scales, below which it is another one, that is real
LATE = 3  # the round from which on rounding is made allowance for
ROUNDING = 1e-15  # by which a fixed point may come to lie below z
SMALL = 1e-13  # a residual after which one more secant step reaches rounding


def fixed_point(step, z, start, scale):
    """Return the fixed points that :func:`fixed_points` finds, all of them or an ArithmeticError."""
    omega, missing = fixed_points(step, z, start, scale)
    if missing.any():
        raise ArithmeticError(f"no fixed point of the subordination at z = {z[missing][0]}")
    return omega


def fixed_points(step, z, start, scale, ceiling=np.inf, late=None):
    r"""Return the fixed points of maps of a half-plane or strip into itself, one for each z, and where none was found.

    Parameters
    ----------
    step : callable
        Of z and omega, complex arrays, and whether time is short: then it may answer by another map with the same fixed
        point, faster and less safe.
    z : complex array of shape (n,)
        Im z >= 0; real z inside the support only.  The fixed point is at least as high as z.
    start : complex array of shape (n,)
    scale : float
        Of omega.
    ceiling : float, optional
        Upper end of the strip.
    late : callable, optional
        Of omega, where the first rounds found nothing: which residual counts as none, and where the fixed point is not
        a real one of the real line, which is not the one.
    """
    omega = np.empty(len(z), complex)
    plain = start.copy()
    rest = np.arange(len(z))
    for turn in range(ROUNDS):
        found, good = _secant(step, z[rest], plain[rest], scale, ceiling, late if turn >= LATE else None, turn == 0)
        omega[rest[good]] = found[good]
        rest = rest[~good]
        if not len(rest):
            break
        for _ in range(PLAIN):  # this converges always, but may be slow
            plain[rest] = step(z[rest], plain[rest], False)
    return omega, np.isin(np.arange(len(z)), rest)


def image(first, second, z, omega):
    r"""Return :math:`z - R_b(G_a(\omega))` where R is known, else :math:`z + h_b(z + h_a(\omega))`."""
    stieltjes = first.upper_stieltjes(omega)
    if isinstance(second, LevyLaw):
        return z - second._r(stieltjes)
    other = z + 1 / stieltjes - omega
    return z + 1 / second.upper_stieltjes(other) - other


def _secant(step, z, start, scale, ceiling, late, hurried):
    """Return fixed points by the secant method, and where it arrived in the half-plane above Im z."""
    omega, good = start.copy(), np.zeros(len(z), bool)
    residual = step(z, omega, hurried) - omega
    new = omega + residual
    on = np.arange(len(z))
    for _ in range(SECANT):
        here, before, missed = new[on], omega[on], residual[on]
        now = step(z[on], here, hurried) - here
        change = now - missed
        with np.errstate(over="ignore", invalid="ignore"):
            slope = np.where(change == 0, -1.0, change) / np.where(here == before, 1.0, here - before)
            better = here - now / slope
            below = z[on].imag - better.imag
        better.imag += np.where((below > 0) & (below < ROUNDING * (np.abs(here) + scale)), below, 0.0)
        # the fixed point is at least as high as z; a plain step always is
        inside = np.isfinite(better) & (better.imag >= z[on].imag) & (better.imag > 0) & (better.imag <= ceiling)
        omega[on], residual[on] = here, now
        new[on] = np.where(inside, better, here + now)
        valid = new[on].imag > LEAST * scale * (z[on].imag == 0)
        small = SMALL * (np.abs(here) + scale)
        if late is not None:
            noise, valid = late(here)
            still = (np.abs(now) <= np.maximum(small, noise)) & ~inside & (here.imag >= z[on].imag - SMALL * scale)
            new[on[still]] = here[still].real + 1j * np.maximum(here.imag, z[on].imag)[still]
            small, inside = np.maximum(small, noise), inside | still  # secants of rounding lead anywhere
        done = (np.abs(now) <= small) & inside & valid
        good[on[done]] = True
        on = on[~done]
        if not len(on):
            break
    return new, good
