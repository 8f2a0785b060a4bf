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

import os
import re
import sys
from importlib import import_module
from types import ModuleType

__version__ = "0.1.0"

#: What type checkers read as well: a line ``from home import name as name`` for each public name.
_STUB = __spec__.loader.get_data(os.path.join(os.path.dirname(__file__), "__init__.pyi")).decode()

#: Where each public name lives.
_HOME = {name: home for home, name in re.findall(r"^from (\S+) import (\w+) as", _STUB, re.M)}

__all__ = sorted(_HOME)


def __getattr__(name):
    if name not in _HOME:
        from difflib import get_close_matches

        close = get_close_matches(name, _HOME)
        hint = f"did you mean {' or '.join(close)}?" if close else "dir(spinglass) lists what there is"
        raise AttributeError(f"module 'spinglass' has no attribute {name!r}: {hint}")
    home = import_module(_HOME[name])
    value = vars(home)[name] if name in vars(home) else import_module(f"{home.__name__}.{name}")
    globals()[name] = value
    return value


def __dir__():
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})


class _Package(ModuleType):
    """The package, in which a public name wins over a subpackage of the same name.

    Importing ``spinglass.complexity.games.supremum`` makes Python set the attribute ``complexity`` of the package to
    the subpackage; the public name is the function.  (Take modules of such a subpackage by ``from
    spinglass.complexity import api``: the form ``import .. as`` goes through the attribute.)
    """

    def __setattr__(self, name, value):
        if not isinstance(value, ModuleType) or _HOME.get(name, __name__) == __name__:
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
