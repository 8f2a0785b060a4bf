r"""The papers behind a model or a function, as BibTeX."""

from __future__ import annotations

from importlib.resources import files

from spinglass.complexity.further.parabola import Parabolic
from spinglass.complexity.further.spiked_tensor import Spiked
from spinglass.inputs.checks import shown
from spinglass.models import SphericalGame, gan


def bibliography():
    """Return the entries of references.bib by key."""
    text = files("spinglass").joinpath("references.bib").read_text(encoding="ascii")
    return {entry.split("{", 1)[1].split(",", 1)[0]: entry for entry in text.strip().split("\n\n")}


PURE = ("auffinger2013", "crisanti1992")
MIXED = ("auffinger2013mixed",)
FUNCTIONS = {
    "pure": PURE,
    "mixed": MIXED,
    "bipartite": ("mckenna2024",),
    "gan": ("baskerville2022gan",),
    "complexity": ("auffinger2013", "auffinger2013mixed", "mckenna2024", "baskerville2022gan"),
    "mean_count": (*PURE[:1], "fyodorov2013"),
    "count_density": (*PURE[:1], "fyodorov2013"),
    "real_eigenpairs": ("breiding2019",),
    "critical_points": ("cartwright2013",),
    "parabolic": ("fyodorov2004", "fyodorov2007"),
    "spiked": ("benarous2019",),
    "second_moment": ("subag2017",),
    "overlap_supremum": ("subag2017",),
    "quenched": ("kentdobias2023",),
    "ground_state_energy": ("crisanti1992", "chen2017"),
    "algorithmic_energy": ("subag2021",),
    "network_hessian": ("pennington2017",),
    "critical_energy": ("pennington2017",),
    "WishartProduct": ("granziol2020",),
    "spacing_ratios": ("baskerville2022rmt",),
    "unfold": ("baskerville2022rmt",),
    "outlier": ("baskerville2022universal",),
    "effective_damping": ("baskerville2022universal",),
    "spinglass": (),
}


def cite(obj: object) -> str:
    """Return BibTeX entries for a model, a result or a function, the software itself last.

    Parameters
    ----------
    obj : SphericalGame, object with a ``model``, function or str
        A model is recognised by its content, not by the constructor that made it; a result stands for its model.

    Returns
    -------
    str
        ASCII, entries separated by an empty line.

    Raises
    ------
    ValueError
        For a function without an entry.
    TypeError
        For anything else.

    Examples
    --------
    >>> import spinglass as sg
    >>> print(sg.cite(sg.bipartite(2, 3, kappa=.5)).splitlines()[2])
      title = {Complexity of bipartite spherical spin glasses},
    >>> print(sg.cite("spinglass"))
    @software{spinglass,
      author = {{spinglass developers}},
      title = {spinglass: complexity of spherical spin glasses and random games},
      year = {2026},
    }
    """
    entries = bibliography()
    return "\n\n".join(entries[key] for key in dict.fromkeys((*_keys(obj), "spinglass")))


def _keys(obj):
    model = obj if isinstance(obj, SphericalGame) else getattr(obj, "model", None)
    if isinstance(model, (Parabolic, Spiked)):
        return _keys(model)
    if isinstance(model, SphericalGame):
        return _model_keys(model) + (FUNCTIONS["quenched"] if getattr(obj, "method", None) == "quenched" else ())
    name = obj if isinstance(obj, str) else getattr(obj, "__name__", type(obj).__name__)
    name = {"Parabolic": "parabolic", "Spiked": "spiked"}.get(name, name)
    if name not in FUNCTIONS and not (isinstance(obj, str) or callable(obj)):
        raise TypeError(f"obj: expected a model, a result or the name of a function, got {shown(obj)}")
    if name not in FUNCTIONS:
        raise ValueError(f"obj: expected a model, a result or one of {', '.join(FUNCTIONS)}, got {shown(name)}")
    return FUNCTIONS[name]


def _model_keys(game):
    if len(game.fractions) == 1:
        degrees = {e for c, xi in zip(game.losses[0], game.fields, strict=True) if c for (e,) in xi.support}
        if 1 in degrees:
            return (*MIXED, "fyodorov2013")
        return PURE if len(degrees) == 1 else MIXED
    if len(game.fractions) == 2 and len(game.fields) == len(game.players) == 1:
        return FUNCTIONS["bipartite"]
    return FUNCTIONS["gan"] if _is_gan(game) else ()


def _is_gan(game):
    """Tell whether a game is the one that :func:`gan` makes for some p, q, sigma_z and kappa."""
    if (len(game.fractions), len(game.fields)) != (2, 2):
        return False
    p, degree = (max(map(sum, xi.support)) for xi in game.fields)
    sigma_z = game.losses[-1][-1]
    if p < 2 or degree <= p or sigma_z <= 0:
        return False
    published = gan(p, degree - p, sigma_z, game.fractions[0])
    return (game.fields, game.losses, game.players) == (published.fields, published.losses, published.players)
