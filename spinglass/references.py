r"""The papers behind a model or a function, as BibTeX."""

from spinglass.models import SphericalGame, gan

BIBLIOGRAPHY = {
    "auffinger2013": r"""@article{auffinger2013,
  author = {Auffinger, Antonio and Ben Arous, G{\'e}rard and {\v{C}}ern{\'y}, Ji{\v{r}}{\'i}},
  title = {Random matrices and complexity of spin glasses},
  journal = {Communications on Pure and Applied Mathematics},
  volume = {66},
  number = {2},
  pages = {165--201},
  year = {2013},
  doi = {10.1002/cpa.21422},
}""",
    "auffinger2013mixed": r"""@article{auffinger2013mixed,
  author = {Auffinger, Antonio and Ben Arous, G{\'e}rard},
  title = {Complexity of random smooth functions on the high-dimensional sphere},
  journal = {The Annals of Probability},
  volume = {41},
  number = {6},
  pages = {4214--4247},
  year = {2013},
  doi = {10.1214/13-AOP862},
}""",
    "fyodorov2013": r"""@article{fyodorov2013,
  author = {Fyodorov, Yan V.},
  title = {High-dimensional random fields and random matrix theory},
  journal = {Markov Processes and Related Fields},
  volume = {21},
  pages = {483--518},
  year = {2015},
  eprint = {1307.2379},
  archiveprefix = {arXiv},
}""",
    "baskerville2022gan": r"""@article{baskerville2022gan,
  author = {Baskerville, Nicholas P. and Keating, Jonathan P. and Mezzadri, Francesco and Najnudel, Joseph},
  title = {A spin glass model for the loss surfaces of generative adversarial networks},
  journal = {Journal of Statistical Physics},
  volume = {186},
  number = {2},
  pages = {29},
  year = {2022},
  doi = {10.1007/s10955-022-02875-w},
}""",
    "mckenna2024": r"""@article{mckenna2024,
  author = {McKenna, Benjamin},
  title = {Complexity of bipartite spherical spin glasses},
  journal = {Annales de l'Institut Henri Poincar{\'e}, Probabilit{\'e}s et Statistiques},
  volume = {60},
  year = {2024},
}""",
    "crisanti1992": r"""@article{crisanti1992,
  author = {Crisanti, Andrea and Sommers, Hans-J{\"u}rgen},
  title = {The spherical p-spin interaction spin glass model: the statics},
  journal = {Zeitschrift f{\"u}r Physik B Condensed Matter},
  volume = {87},
  pages = {341--354},
  year = {1992},
}""",
    "spinglass": r"""@software{spinglass,
  author = {{spinglass developers}},
  title = {spinglass: complexity of spherical spin glasses and random games},
  year = {2026},
}""",
}

PURE = ("auffinger2013", "crisanti1992")
MIXED = ("auffinger2013mixed",)
FUNCTIONS = {
    "pure": PURE,
    "mixed": MIXED,
    "bipartite": ("mckenna2024",),
    "gan": ("baskerville2022gan",),
    "complexity": ("auffinger2013", "auffinger2013mixed", "mckenna2024", "baskerville2022gan"),
    "spinglass": (),
}


def cite(obj):
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
    return "\n\n".join(BIBLIOGRAPHY[key] for key in (*_keys(obj), "spinglass"))


def _keys(obj):
    model = obj if isinstance(obj, SphericalGame) else getattr(obj, "model", None)
    if isinstance(model, SphericalGame):
        return _model_keys(model)
    name = obj if isinstance(obj, str) else getattr(obj, "__name__", None)
    if name is None:
        raise TypeError(f"obj: expected a model, a result or the name of a function, got {obj!r}")
    if name not in FUNCTIONS:
        raise ValueError(f"obj: expected a model, a result or one of {', '.join(FUNCTIONS)}, got {name!r}")
    return FUNCTIONS[name]


def _model_keys(game):
    if len(game.fractions) == 1:
        degrees = {e for c, xi in zip(game.losses[0], game.fields, strict=True) if c for (e,), _ in xi}
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
    p, degree = (max(sum(e) for e, _ in xi) for xi in game.fields)
    sigma_z = game.losses[-1][-1]
    if p < 2 or degree <= p or sigma_z <= 0:
        return False
    published = gan(p, degree - p, sigma_z, game.fractions[0])
    return (game.fields, game.losses, game.players) == (published.fields, published.losses, published.players)
