"""Balls and digits through pickles and copies: bit by bit the same on the other side.

A ball is sent as the integers of its midpoint m 2^e and its radius r 2^f.  python-flint rounds a radius that it is
given up to the next number of 30 bits, even if it is one already, and makes powers of 2 as errors of rounding only.
"""

import copyreg
from collections.abc import Callable
from types import ModuleType
from typing import Any

from mpmath.libmp import from_pickable, to_pickable

from spinglass.arithmetic.exclusive import exclusive

RADIUS_BITS = 30


def carry_digits(context: Any, where: tuple[Any, ...]) -> None:
    """Let the numbers of an mpmath context be pickled: ``where()`` names, in another process, one like it.

    Parameters
    ----------
    context : mpmath.MPContext
    where : tuple
        A module-level function and its arguments, which return the context.
    """

    def real(x: Any) -> tuple[Any, ...]:
        return _digits, (*where, to_pickable(x._mpf_))

    def complex_(z: Any) -> tuple[Any, ...]:
        return _digits, (*where, *map(to_pickable, z._mpc_))

    context.mpf.__reduce__, context.mpc.__reduce__ = real, complex_


def _digits(find: Callable[..., Any], arguments: tuple[Any, ...], *parts: Any) -> Any:
    context, numbers = find(*arguments), tuple(map(from_pickable, parts))
    return context.make_mpf(*numbers) if len(numbers) == 1 else context.make_mpc(numbers)


def carry_balls(flint: ModuleType) -> None:
    """Teach pickle and copy the real and complex balls of python-flint."""
    copyreg.pickle(flint.arb, lambda x: (_ball, (_integers(x.mid()), _integers(x.rad()))))
    copyreg.pickle(flint.acb, lambda z: (_complex_ball, (z.real, z.imag)))


def _integers(x: Any) -> tuple[int, ...] | str:
    """Return m and e of an exact number m 2^e, or the name of what is none."""
    return tuple(map(int, x.man_exp())) if x.is_finite() else "nan" if x.is_nan() else "inf" if x > 0 else "-inf"


def _ball(mid: Any, rad: Any) -> Any:
    import flint

    centre, radius = flint.arb(mid), flint.arb(rad)
    if radius == 0:
        return centre
    if not isinstance(rad, str):
        around = _around_zero(flint, *rad)
        radius = around if around.mid() == 0 and around.rad() == radius else radius  # wider at the worst
    return flint.arb(centre, radius)


def _around_zero(flint: ModuleType, m: int, e: int) -> Any:
    """Return the ball with midpoint 0 and radius m 2^e, m odd."""
    if m == 1:
        with exclusive(flint.ctx, 2):
            return +flint.arb((1025, e - 9)) - flint.arb((1, e + 1))
    shift = RADIUS_BITS - m.bit_length()
    return flint.arb(0, flint.arb(((m << shift) - 1, e - shift)))


def _complex_ball(real: Any, imag: Any) -> Any:
    import flint

    return flint.acb(real, imag)
