r"""The papers behind a model or a function, as BibTeX."""

from __future__ import annotations

from difflib import get_close_matches
from importlib.resources import files

from spinglass.complexity.further.parabola import Parabolic
from spinglass.complexity.further.spiked_tensor import Spiked
from spinglass.inputs.checks import shown
from spinglass.models import SphericalGame
from spinglass.models.constructors import is_gan


def bibliography():
    """Return the entries of references.bib by key."""
    text = files("spinglass").joinpath("references.bib").read_text(encoding="ascii")
    return {entry.split("{", 1)[1].split(",", 1)[0]: entry for entry in text.strip().split("\n\n")}


PURE = ("auffinger2013", "crisanti1992")
MIXED = ("auffinger2013mixed",)
FUNCTIONS = {
    "pure": PURE,
    "mixed": MIXED,
    "bipartite": ("mckenna2024", "auffinger2014"),
    "SphericalGame": ("baskerville2022gan", "mckenna2024"),
    "gan": ("baskerville2022gan",),
    "complexity": ("auffinger2013", "auffinger2013mixed", "mckenna2024", "baskerville2022gan", "kentdobias2023"),
    "mean_count": (*PURE[:1], "fyodorov2013", "adler2007"),
    "count_density": (*PURE[:1], "fyodorov2013", "mehta2004"),
    "real_eigenpairs": ("breiding2017", "breiding2019", *PURE[:1]),
    "critical_points": ("sommese2005", "cartwright2013", "duff2019"),
    "parabolic": ("fyodorov2004", "fyodorov2007"),
    "spiked": ("benarous2019",),
    "second_moment": ("subag2017",),
    "overlap_supremum": ("subag2017",),
    "quenched": ("kentdobias2023",),
    "ground_state_energy": ("crisanti1992", "chen2017"),
    "algorithmic_energy": ("subag2021",),
    **dict.fromkeys(("network_hessian", "critical_energy", "index_amplitude", "minimiser_energy"), ("pennington2017",)),
    "negative_fraction": ("pennington2017",),
    "Semicircle": ("wigner1955", "voiculescu1986"),
    "MarchenkoPastur": ("marchenko1967",),
    "FreeCompoundPoisson": ("voiculescu1992", "speicher1998"),
    "FreelyDivisible": ("voiculescu1986", "bercovici1993", "biane1997"),
    "FreeSum": ("biane1998", "belinschi2007", "bercovici1998"),
    "FreeProduct": ("voiculescu1987", "bercovici1993", "belinschi2003"),
    "FreePower": ("nica1996", "belinschi2004"),
    "MultiplicativePower": ("belinschi2005",),
    "BlockGaussian": ("ajanki2017", "alt2020"),
    "WishartProduct": ("muller2002", "burda2010", "banica2011", "granziol2020"),
    "WignerProduct": ("speicher1998",),
    "SparseWigner": ("rogers2008", "bordenave2011"),
    "SparseWishart": ("rogers2008", "cojaoghlan2020"),
    "spacing_ratios": ("oganesyan2007", "atas2013"),
    "ratio_density": ("atas2013",),
    "ratio_test": ("atas2013",),
    "number_variance": ("mehta2004",),
    "rigidity": ("dyson1963",),
    "unfold": ("baskerville2022rmt",),
    "gradient_covariance": ("baskerville2022rmt",),
    "Empirical": ("choi1999",),
    "fit": ("johansson1998", "benaychgeorges2011"),
    "TracyWidom": ("tracy1994", "tracy1996", "ferrari2005", "bornemann2010", "ramirez2011"),
    "LevelSpacing": ("gaudin1961", "mehta2004", "bornemann2010"),
    "edge": ("johnstone2012", "ma2012"),
    "outlier": ("baik2005", "capitaine2011", "belinschi2017", "baskerville2022universal"),
    **dict.fromkeys(("outlier_overlap", "spike"), ("benaychgeorges2011",)),
    "fit_outliers": ("baskerville2022universal",),
    "effective_damping": ("baskerville2022universal",),
    "density": ("mehta2004", "fyodorov2004"),
    "log_density": ("mehta2004",),
    "mean_abs_det": ("fyodorov2004", "auffinger2013"),
    "log_mean_abs_det": ("fyodorov2004",),
    "mean_abs_det_index": ("debruijn1955", "mehta2004"),
    **dict.fromkeys(("kernel_unfolding", "polynomial_unfolding", "spinglass"), ()),
}


def cite(obj: object) -> str:
    """Return BibTeX entries for a model, a result, a spectral law or a function, the software itself last.

    Parameters
    ----------
    obj : SphericalGame, object with a ``model``, spectral law, function or str
        A model is recognised by its content, not by the constructor that made it; a result stands for its model; a
        function, a law or its class for the references on its page; a str for what has this name.

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
        near = " or ".join(map(repr, get_close_matches(name, FUNCTIONS))) or "'mean_count' or sg.pure(3)"
        raise ValueError(f"obj: expected what has references, got {shown(name)}; try {near}")
    return FUNCTIONS[name]


def _model_keys(game):
    if len(game.fractions) == 1:
        degrees = {e for c, xi in zip(game.losses[0], game.fields, strict=True) if c for (e,) in xi.support}
        if 1 in degrees:
            return (*MIXED, "fyodorov2013")
        return PURE if len(degrees) == 1 else MIXED
    if len(game.fractions) == 2 and len(game.fields) == len(game.players) == 1:
        return FUNCTIONS["bipartite"]
    return FUNCTIONS["gan"] if is_gan(game) else ()
