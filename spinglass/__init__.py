"""Complexity of spherical spin glasses and random games: write down a covariance, get the complexity.

>>> import spinglass as sg
>>> c = sg.complexity(sg.pure(3))  # the annealed (Kac-Rice) complexity, in nats per dimension
>>> print(f"{c.lowest_energy():.6f}")
-1.656998

Models are :func:`pure`, :func:`mixed`, :func:`bipartite`, :func:`gan` and any :class:`SphericalGame`;
:func:`complexity` counts their equilibria, :func:`mean_count` at finite N; :func:`mp`, :func:`balls` and
:data:`symbols` evaluate the same formulas with digits, with proof and as expressions; :func:`latex` writes a model or
a formula and :mod:`spinglass.symbolic` derives it step by step; :mod:`spinglass.spectra` holds the laws of Hessians,
:mod:`spinglass.plotting` draws, and :func:`cite` names the papers.

A name is loaded when it is first used.
"""

import sys
from importlib import import_module
from types import ModuleType

__version__ = "0.1.0"

#: Where each public name lives; a module stands for itself.
_HOME = {
    "SphericalGame": "spinglass.models",
    "algorithmic_energy": "spinglass.complexity.typical.ground_state",
    "balls": "spinglass.arithmetic",
    "bipartite": "spinglass.models",
    "cite": "spinglass.references",
    "complexity": "spinglass.complexity.api",
    "count_density": "spinglass.counts",
    "critical_points": "spinglass.landscape",
    "figures": "spinglass.figures",
    "float64": "spinglass.arithmetic",
    "gan": "spinglass.models",
    "goe": "spinglass.spectra.goe",
    "ground_state_energy": "spinglass.complexity.typical.ground_state",
    "latex": "spinglass.symbolic",
    "mean_count": "spinglass.counts",
    "mixed": "spinglass.models",
    "montecarlo": "spinglass.montecarlo",
    "mp": "spinglass.arithmetic",
    "overlap_supremum": "spinglass.complexity.pairs.moments",
    "parabolic": "spinglass.complexity.further.parabola",
    "plotting": "spinglass.plotting",
    "pure": "spinglass.models",
    "real_eigenpairs": "spinglass.finite.eigenpairs",
    "second_moment": "spinglass.complexity.pairs.moments",
    "spectra": "spinglass.spectra",
    "spiked": "spinglass.complexity.further.spiked_tensor",
    "symbolic": "spinglass.symbolic",
    "symbols": "spinglass.arithmetic",
}

__all__ = sorted(_HOME)


def __getattr__(name):
    if name not in _HOME:
        from difflib import get_close_matches

        close = get_close_matches(name, _HOME)
        hint = f"did you mean {' or '.join(close)}?" if close else "dir(spinglass) lists what there is"
        raise AttributeError(f"module 'spinglass' has no attribute {name!r}: {hint}")
    home = import_module(_HOME[name])
    value = getattr(home, name, home)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})


class _Package(ModuleType):
    """The package, in which a public name wins over a subpackage of the same name.

    Importing ``spinglass.complexity.games.supremum`` makes Python set the attribute ``complexity`` of the package to
    the subpackage; the public name is the function.  (Take modules of such a subpackage by ``from
    spinglass.complexity import annealed``: the form ``import .. as`` goes through the attribute.)
    """

    def __setattr__(self, name, value):
        hidden = isinstance(value, ModuleType) and value.__name__ != _HOME.get(name, value.__name__)
        if not hidden:
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
