r"""What is free in a law: names, the domain of each, and coordinates in which every number is allowed.

A family is a class of laws or a function of named parameters that returns a law.  Positive parameters are fitted as
logarithms, probabilities as :math:`\log p/(1-p)`, places in units of the width of the spectrum.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from spinglass.inputs.checks import instance, one_number, shown
from spinglass.spectra.law import Law

#: Parameters of the classes of laws that are free although they have a default: units and place.
FREE = ("variance", "mean")
#: What a name says about its domain; of other names it is asked whether the law takes -1, and 2.
PLACES = ("mean", "shift", "place", "drift", "centre", "center", "location")
POSITIVE = ("ratio", "variance", "scale", "factor", "rate", "degree", "sigma", "width", "jump", "lambda_")
CANDIDATES = 64  # laws among which a start is looked for
UNITS = 3  # of positive parameters
DECADES = 1.3  # to each side, of positive parameters in natural units
FARTHEST = 600.0  # in the coordinates of the fit: beyond, exponentials are no floats
REFUSALS = (ValueError, ArithmeticError, NotImplementedError, ZeroDivisionError, OverflowError)


@dataclass(frozen=True)
class Family:
    """Laws with named free parameters, and the maps between parameters and the coordinates of the fit."""

    build: Callable
    names: tuple[str, ...]
    fixed: Mapping[str, float]
    bounds: tuple[tuple[float, float], ...]
    start: Mapping[str, float]
    centre: float
    width: float

    def law(self, coordinates):
        """Return the law at coordinates."""
        return self.at(self.values(coordinates))

    def at(self, values):
        """Return the law of parameter values."""
        law = self.build(**dict(zip(self.names, map(float, values), strict=True)), **self.fixed)
        return instance("law", law, Law, "a function that returns a spectral law")

    def values(self, coordinates):
        """Return the parameters at coordinates."""
        coordinates = np.clip(coordinates, -FARTHEST, FARTHEST)
        return np.array([self._value(u, *bounds) for u, bounds in zip(coordinates, self.bounds, strict=True)])

    def coordinates(self, values):
        """Return the coordinates of parameters."""
        return np.array([self._coordinate(x, *bounds) for x, bounds in zip(values, self.bounds, strict=True)])

    def slopes(self, coordinates):
        """Return the derivative of every parameter with respect to its coordinate."""
        values = self.values(coordinates)
        slopes = np.full(values.size, self.width)
        for i, (x, (low, high)) in enumerate(zip(values, self.bounds, strict=True)):
            if np.isfinite(low):
                slopes[i] = (x - low) * ((high - x) / (high - low) if np.isfinite(high) else 1.0)
            elif np.isfinite(high):
                slopes[i] = x - high
        return slopes

    def _value(self, u, low, high):
        if np.isfinite(low) and np.isfinite(high):
            return low + (high - low) / (1 + np.exp(-u))
        if np.isfinite(low):
            return low + np.exp(u)
        return high - np.exp(u) if np.isfinite(high) else self.centre + self.width * u

    def _coordinate(self, x, low, high):
        if np.isfinite(low) and np.isfinite(high):
            return np.log((x - low) / (high - x))
        if np.isfinite(low):
            return np.log(x - low)
        return np.log(high - x) if np.isfinite(high) else (x - self.centre) / self.width

    def candidates(self):
        """Return coordinates of starts, shape (k, P): given ones as they are, others spread over natural units.

        What a positive parameter is measured in is not known: its natural unit is 1, the width of the spectrum or the
        square of that, in turn.
        """
        if len(self.start) == len(self.names):
            return self.coordinates([self.start[name] for name in self.names])[None]
        spread = _spread(CANDIDATES, 2 * len(self.names))
        spread[:UNITS] = 0.5
        spread[:UNITS, 1::2] = (np.arange(UNITS)[:, None] + 0.5) / UNITS  # the middle, in each unit
        columns = []
        for i, (name, bounds) in enumerate(zip(self.names, self.bounds, strict=True)):
            share, unit = spread[:, 2 * i], (UNITS * spread[:, 2 * i + 1]).astype(int)
            if name in self.start:
                columns.append(np.full(CANDIDATES, self._coordinate(self.start[name], *bounds)))
            elif np.isfinite(bounds).all():
                columns.append(np.log(share / (1 - share)))
            elif np.isfinite(bounds).any():
                away = (2 * share - 1) * DECADES * np.log(10)
                columns.append(away + np.log(self.width / 4) * unit)
            else:
                columns.append(2 * share - 1)
        return np.transpose(columns)


def _spread(number, dimension):
    """Return evenly spread points of a cube: multiples of powers of the root of x^(d+1) = x + 1, modulo 1."""
    root = 2.0
    for _ in range(60):
        root = (1 + root) ** (1 / (dimension + 1))
    return (0.5 + np.arange(number)[:, None] * root ** -np.arange(1.0, dimension + 1)) % 1


def family(law, fixed, start, bounds, centre, width):
    """Return the family of a class or function, or say what was expected."""
    kind = "law: expected a class of laws or a function of named parameters that returns one"
    if isinstance(law, Law):
        raise TypeError(f"{kind}, got {shown(law)}, a law without free parameters; try {type(law).__name__}")
    if not callable(law) or law is Law or (isinstance(law, type) and not issubclass(law, Law)):
        raise TypeError(f"{kind}, got {shown(law)}; try sg.spectra.MarchenkoPastur")
    names = _names(law, kind)
    given = {}
    for what, values in (("fixed", fixed), ("start", start), ("bounds", bounds)):
        given[what] = dict(instance(what, {} if values is None else values, Mapping, "a mapping of parameters"))
        unknown = [name for name in given[what] if name not in names]
        if unknown:
            raise ValueError(f"{what}: expected parameters among {', '.join(names)}, got {shown(unknown[0])}")
    free = tuple(name for name, chosen in names.items() if chosen and name not in given["fixed"])
    if not free:
        raise ValueError(f"law: expected at least one free parameter, got {shown(law)} with none; try its .cdf instead")
    start = {name: one_number(f"start of {name}", given["start"][name]) for name in given["start"] if name in free}
    start = {**_defaults(law, free), **start}
    asked = _Asked(law, free, given["fixed"], start)
    intervals = tuple(_interval(name, given["bounds"].get(name), asked) for name in free)
    for name, (low, high) in zip(free, intervals, strict=True):
        if name in start and not low < start[name] < high:
            raise ValueError(f"start: expected {name} between {low:g} and {high:g}, got {start[name]:g}")
    return Family(law, free, given["fixed"], intervals, start, centre, width)


def _names(law, kind):
    """Return the parameters of a law and whether they are free by themselves."""
    try:
        parameters = inspect.signature(law).parameters.values()
    except (ValueError, TypeError):
        raise TypeError(f"{kind}, got {shown(law)}, which does not say its parameters") from None
    if any(p.kind in (p.POSITIONAL_ONLY, p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters):
        raise TypeError(f"{kind}, got {shown(law)}, whose parameters have no names")
    a_class = isinstance(law, type)
    return {p.name: not a_class or p.default is p.empty or p.name in FREE for p in parameters}


def _defaults(law, free):
    """Return the defaults of a function's parameters, which are taken as starts."""
    if isinstance(law, type):
        return {}
    defaults = {p.name: p.default for p in inspect.signature(law).parameters.values() if p.default is not p.empty}
    return {name: one_number(f"default of {name}", defaults[name]) for name in free if name in defaults}


@dataclass(frozen=True)
class _Asked:
    """Whether a law takes a value of one parameter, the others being at one half (or where they start)."""

    law: Callable
    names: tuple[str, ...]
    fixed: Mapping[str, float]
    start: Mapping[str, float]

    def __call__(self, name, value):
        others = {other: self.start.get(other, 0.5) for other in self.names}
        try:
            self.law(**{**others, name: value}, **self.fixed)
        except REFUSALS:
            return False
        return True


def _interval(name, given, takes):
    """Return the domain of a parameter: as given, as its name says, or as the law does."""
    if given is not None:
        try:
            low, high = given
        except (TypeError, ValueError):
            raise TypeError(f"bounds: expected a pair (low, high) for {name}, got {shown(given)}") from None
        low = -np.inf if low is None else one_number(f"bounds of {name}", low)
        high = np.inf if high is None else one_number(f"bounds of {name}", high)
        if not low < high:
            raise ValueError(f"bounds: expected low < high for {name}, got {shown(given)}")
        return low, high
    if name in PLACES:
        return -np.inf, np.inf
    if name in POSITIVE or not takes(name, -1.0):
        return 0.0, (1.0 if takes(name, 0.5) and not takes(name, 2.0) else np.inf)
    return -np.inf, np.inf
