"""What a user can name: public names, exports of the rooms, members of the objects that they return.

``PYTHONPATH=. python tests/_public.py > tests/data/surface.json`` writes down the surface of a checkout: parameters,
their kinds and their defaults, without annotations.
"""

import inspect
import json
import types

import spinglass as sg

#: Rooms whose exports are public.
ROOMS = ("spectra", "goe", "montecarlo", "symbolic", "plotting", "figures")

#: Special methods that a user calls by their operator.
OPERATORS = {f"__{name}__" for name in "call len iter getitem contains add radd sub rsub mul rmul neg truediv".split()}


def exports():
    """Yield the names of all functions, classes and objects that a user reaches by attributes of sg, and the things."""
    for name in sg.__all__:
        yield f"sg.{name}", getattr(sg, name)
    for room in ROOMS:
        module = getattr(sg, room)
        yield from ((f"sg.{room}.{name}", getattr(module, name)) for name in module.__all__)


def objects():
    """Return one object of every public class; the class of an object is public, wherever it is defined."""
    pure, gan = sg.pure(3), sg.gan(2, 1, 0.5, 0.6)
    spectra, symbolic = sg.spectra, sg.symbolic
    semicircle, wishart = spectra.Semicircle(), spectra.MarchenkoPastur(0.5)
    glass = symbolic.pure()
    draw = pure.draw(3, rng=1)
    points = sg.critical_points(draw, proof=False)
    games = [pure, pure.local_law(), pure.hessian(-1.5), draw, points, points[0]]
    answers = [
        sg.complexity(gan),
        sg.complexity(pure, "quenched"),
        sg.mean_count(pure, 3),
        sg.overlap_supremum(3, -1.6),
    ]
    answers += [sg.spiked(3, 1.0), sg.parabolic(0.5)]
    answers += [sg.montecarlo.sampled_spectrum(semicircle, 5, samples=2, rng=1)]
    answers += [spectra.lanczos([[1.0, 0.5], [0.5, 2.0]], probes=2, rng=1)]
    laws = [semicircle, wishart, semicircle + wishart, spectra.Affine(wishart, -2.0, 1.0), spectra.PointMass(1.0)]
    laws += [spectra.BlockGaussian([[1.0]], [1.0], [0.0]), spectra.FreeCompoundPoisson(0.5, [1.0, 2.0], [0.5, 0.5])]
    laws += [
        spectra.FreelyDivisible(0.1, 1.0, [1.0], [0.5]),
        spectra.WishartProduct((1.0,)),
        spectra.WignerProduct(0.5),
    ]
    laws += [spectra.Empirical([1.0, 2.0, 4.0])]
    laws += [spectra.PercolatedWigner(0.5), spectra.PercolatedWishart(0.5, 0.5)]
    laws += [spectra.SparseWigner(3.0, 100, 0.05), spectra.SparseWishart(3.0, 0.5, 100, 0.05)]
    laws += [spectra.TracyWidom(), spectra.LevelSpacing(), spectra.edge(semicircle, 10)]
    laws += [
        spectra.LogDeterminant(pure.local_law()),
        spectra.fit_outliers([4, 8, 16], [[1.0, 2.0], [0.9, 1.8], [0.6, 1.1]]),
        spectra.compare([-2.0, -1.2, -1.0, -0.3, -0.2, 0.1, 0.6, 0.8, 1.1, 1.9], {"a": spectra.Semicircle}, samples=2),
        spectra.fit([-2.0, -1.2, -1.0, -0.3, -0.2, 0.1, 0.6, 0.8, 1.1, 1.9], spectra.Semicircle, samples=2, rng=1),
    ]
    steps = [glass, symbolic.covariance_table(), symbolic.local_law(glass), symbolic.dyson(glass)]
    steps += [symbolic.elimination(glass), symbolic.complexity(glass), symbolic.closed_forms(glass)]
    return [*games, *answers, *laws, *steps, sg.figures.recipe("games-1")]


def classes():
    """Return the public classes by name, each with an object of it, or with None."""
    found = {type(thing).__name__: (type(thing), thing) for thing in objects()}
    exported = {thing.__name__: (thing, None) for _, thing in exports() if inspect.isclass(thing)}
    return exported | found


def members(cls, thing=None):
    """Yield what a user reaches by attributes of an object: the names with functions, or with None for values."""
    inherited = {name: base for base in reversed(cls.__mro__) for name in vars(base) if ours(base)}
    names = {*inherited, *getattr(cls, "__dataclass_fields__", ()), *getattr(cls, "_fields", ())}
    names |= set(getattr(thing, "__dict__", ()))
    for name in sorted(names):
        if name in OPERATORS or not name.startswith("_"):
            static = inspect.getattr_static(cls, name, None)
            yield name, getattr(cls, name) if isinstance(static, CALLED) else None


CALLED = (types.FunctionType, classmethod, staticmethod)


def ours(cls):
    """Return whether a class is defined in this package."""
    return cls.__module__.split(".")[0] == "spinglass"


def callables():
    """Yield every name that is called with the function behind it; a class stands for its constructor."""
    for name, thing in exports():
        if callable(thing):
            yield name, inspect.unwrap(thing)
    for name, (cls, thing) in classes().items():
        yield from ((f"{name}.{part}", function) for part, function in members(cls, thing) if function is not None)


def unannotated(function):
    """Return which parameters of a function (of the constructor of a class) lack an annotation, and "return"."""
    if inspect.isclass(function):
        function = next(
            (vars(base)["__init__"] for base in function.__mro__ if "__init__" in vars(base) and ours(base)), None
        )
        if function is None:  # generated, or object's
            return []
    found = inspect.signature(function)
    bare = [p.name for p in found.parameters.values() if p.annotation is p.empty and p.name not in ("self", "cls")]
    return bare + ["return"] * (found.return_annotation is found.empty)


def properties():
    """Yield the functions behind the properties of the public classes, cached ones among them."""
    for name, (cls, _) in classes().items():
        for base in cls.__mro__:
            own = vars(base).items() if ours(base) else ()
            found = ((part, getattr(x, "fget", getattr(x, "func", None))) for part, x in own if part[0] != "_")
            yield from ((f"{name}.{part}", function) for part, function in found if function is not None)


def signature(function):
    """Return the parameters of a function without annotations."""
    found = inspect.signature(function)
    bare = [p.replace(annotation=inspect.Parameter.empty) for p in found.parameters.values()]
    return str(found.replace(parameters=bare, return_annotation=inspect.Signature.empty))


def surface():
    """Return the signature of every public callable, and "attribute" or the like for what is not called."""
    found = {name: signature(thing) for name, thing in callables()}
    for name, thing in exports():
        found.setdefault(name, "module" if inspect.ismodule(thing) else "object")
    for name, (cls, thing) in classes().items():
        found |= {f"{name}.{part}": "attribute" for part, function in members(cls, thing) if function is None}
    return dict(sorted(found.items()))


if __name__ == "__main__":
    print(json.dumps(surface(), indent=0))
