"""The public surface: what can be called, arguments that make sense, and arguments that make none."""

import datetime
import functools
import math
import operator
import warnings
from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import sympy

import spinglass as sg

S = sg.spectra
HUGE = 10**400
CODE = "__import__('builtins').fuzzed()"

MODELS = {
    "pure": sg.pure(3),
    "mixed": sg.mixed({3: 0.5, 4: 0.5}),
    "field": sg.mixed({1: 0.1, 2: Fraction(1, 3), 3: 1}),
    "gan": sg.gan(2, 1, 0.5, 0.6),
    "bipartite": sg.bipartite(1, 2, kappa=0.5),
}
FURTHER = [sg.complexity(sg.spiked(3, 1.0)), sg.complexity(sg.parabolic(0.5))]
LAWS = {
    "semicircle": S.Semicircle(2.0, 0.5),
    "marchenko_pastur": S.MarchenkoPastur(0.5),
    "wide": S.MarchenkoPastur(2.0, 0.3),
    "block": S.BlockGaussian([[1.0, 0.5], [0.5, 2.0]], [0.5, 0.5], [0.0, 1.0]),
    "bipartite": S.BlockGaussian([[0.0, 1.0], [1.0, 0.0]], [0.3, 0.7], [0.0, 0.0]),
    "poisson": S.FreeCompoundPoisson(0.5, [1.0, 2.0], [0.5, 0.5]),
    "divisible": S.FreelyDivisible(0.1, 1.0, [1.0, -1.0], [0.5, 0.2]),
    "affine": S.Affine(S.WishartProduct((0.5,)), -2.0, 1.0),
    "point": S.PointMass(1.0),
    "sum": S.FreeSum(S.WishartProduct((1.0, 0.5)), S.MarchenkoPastur(0.5)),
    "wishart product": S.WishartProduct((1.0, 0.5)),
    "wigner product": S.WignerProduct(0.5),
    "percolated": S.PercolatedWigner(0.5),
    "percolated wishart": S.PercolatedWishart(0.5, 0.5),
    "sparse": S.SparseWigner(3.0, 100, 0.05),
    "empirical": S.Empirical([0.1, 0.5, 0.6, 1.2, 1.3, 2.0, 9.0, 9.0]),
}
QUICK = [law for name, law in LAWS.items() if name not in ("sum", "sparse")]
DRAWS = {"one": MODELS["pure"].draw(3, rng=1), "two": MODELS["gan"].draw((2, 2), rng=1)}
POINTS = sg.critical_points(DRAWS["one"], proof=False)
ESTIMATE = sg.mean_count(MODELS["pure"], 3, method="montecarlo", samples=300, rng=1)
SPECTRUM = np.sort(np.random.default_rng(3).standard_normal(40))
COMPARISON = S.compare(SPECTRUM, {"a": S.Semicircle}, samples=5, rng=1)
FIT = S.fit(SPECTRUM, S.Semicircle, samples=9, rng=1)
ARITHMETICS = [None, sg.float64, sg.mp(10), sg.balls(10), sg.symbols]

#: What no parameter, or hardly any, means by a value.
NASTY = [
    *(None, True, np.True_, "3", "x", b"3", "a\nb", CODE, [CODE], np.array(CODE), 0, -1, 2.0, 0.5, -0.5, 1e-9),
    *(math.nan, math.inf, -math.inf, 1e300, -1e300, 1e-300, 5e-324, 10**6, 10**30),
    *(HUGE, -HUGE, Fraction(HUGE, 3), Fraction(1, HUGE)),
    *(1j, np.complex128(1), np.array(1j), np.array([1 + 0j]), [1j], mpmath.mpc(1), sympy.I),
    *([], (), {}, set(), {3: 1}, {"a": 2}, {1, 2}, range(3), slice(1), (1, 2), [0.1, 0.2, 0.3], [[0.5, 0.5]]),
    *(np.array([]), np.array(0.5), np.array(2), np.zeros((0, 2)), np.zeros((2, 0)), np.ones((2, 2, 2)), np.eye(2)),
    *(np.array([1, None], dtype=object), np.array([0.1, HUGE], dtype=object), np.array([1e308, -1e308]), [[1], [1, 2]]),
    *(np.ma.masked_array([0.1, 0.2, 0.3], [0, 1, 0]), np.ma.masked_array([0.1, 0.2, 0.3]), np.ma.masked),
    *([math.nan], [HUGE], [None], ["a"], [True], np.float32(0.5), np.longdouble("0.5"), np.int8(2),),
    *(sympy.Symbol("s"), sympy.Rational(1, 3), sympy.sqrt(2), sympy.nan, sympy.oo, sympy.zoo),
    *(mpmath.mpf("0.5"), mpmath.mpf("nan"), mpmath.mpf("1e400"), Decimal("0.5"), Decimal("NaN"), Decimal("1e400")),
    *(object(), len, int, math, datetime.date(2020, 1, 1), np.datetime64("2020"), Ellipsis,
      np.random.SeedSequence(1), "each"),
    *(MODELS["pure"], MODELS["gan"], [MODELS["pure"]], LAWS["semicircle"], DRAWS["one"], sg.mp(10), sg.symbols),
    sg.complexity(MODELS["pure"]),
]  # fmt: skip

MATRIX = np.array([[2.0, 0.3], [0.3, 1.0]])
LANCZOS = S.lanczos(MATRIX, probes=3, rng=1)
REAL = [0.5, -1.0, -1.65, 0, [0.1, -1.7], np.array([[0.2], [0.4]]), Fraction(1, 3), np.float32(0.3), 3.0]
UNIT, POSITIVE = [0.5, 0.3, Fraction(1, 3), 0.9], [1.0, 0.5, 2, Fraction(1, 3)]
GAMES = list(MODELS.values())
SIZES = [1, 2, 3, 5, 4, 6, (2, 2), [3, 5], range(2, 4), np.array([4, 5]), np.array([[2, 3]]), [[4], [5]]]
INDICES = [None, 0, 1, 2, (0,), (0, 0), (1, None), [0, 1], [None, 0], np.arange(2), [(0, 0)]]

#: Arguments that make sense, by the name of the parameter.
SANE = {
    **dict.fromkeys(("model", "game"), GAMES),
    **dict.fromkeys(("energies", "u", "u1", "u2", "x", "factor", "shift", "mean", "drift", "place", "kappa3"), REAL),
    **dict.fromkeys(("kappa", "alpha", "m", "r", "keep"), UNIT),
    **dict.fromkeys(("sigma_z", "lambda_", "variance", "ratio", "rate", "sigma", "batch", "kappa2", "scale"), POSITIVE),
    **dict.fromkeys(("distance", "s"), POSITIVE),
    **dict.fromkeys(("law", "noise", "first", "second", "source"), QUICK),
    **dict.fromkeys(("proof", "maxima", "cumulative", "mark"), (False, True)),
    **dict.fromkeys(("ax", "executor", "store", "progress"), (None,)),
    **{"p": [2, 3, 4], "q": [1, 2], "k": [3, 4], "n": SIZES, "digits": [5, 12], "order": [2, 3]},
    **{"beta": [1, 2, 4], "side": ["right", "left"], "eigenvalue": [2.0, [0.1, 3.0]]},
    **{"t": [1.5, 2, Fraction(4, 3)], "exponent": [1.0, 1.5], "exponents": [(1.0,), 0.5]},
    **{"degree": [2.0, 3], "bandwidth": [None, 5.0], "smoothing": [None, 0, 3.0], "hard_edge": [None, -3.0]},
    **{"samples": [2, 70], "starts": [3], "limit": [1000], "points": [50], "bins": [5, [0.0, 1.0]]},
    **{"degrees": [[3, 4]]},
    **{"coefficients": [{3: 1}, {2: 0.5, 3: Fraction(1, 2)}, {1: 0.1, 4: 1.0}], "method": ["annealed", "quenched"]},
    **{"index": INDICES, "fraction": [None, 0.3], "arithmetic": ARITHMETICS},
    **{"draw": list(DRAWS.values()), "rng": [None, 1, 2], "search": ["all", "multistart"], "z": [*REAL, 1j, [1 + 1j]]},
    **{"loss": [0, 0, 1, (1, 0), [0.5, -0.5], [1]], "bulk": [None, [0.0, 1.0], SPECTRUM, *QUICK]},
    **{"noisy": [None, *QUICK]},
    **{"variances": [[[1.0]], [[1.0, 0.5], [0.5, 2.0]]], "fractions": [[1], [0.5, 0.5]], "shifts": [[0.0], [0.0, 1.0]]},
    **{"jumps": [[1.0], [1.0, -2.0]], "weights": [[1.0], [0.5, 0.5]], "rates": [[0.5], [0.5, 0.2]], "seed": [0, 1]},
    **{"population": [100], "resolution": [0.05], "ratios": [(1.0,), (0.5, 2.0)], "spike": [2.0, [1.0, 5.0], -3.0]},
    **{"gradient": [[1.0, 0.5]], "hessian": [MATRIX], "preconditioner": [np.eye(2)], "phi": [0.5, 0.25, [0.2, 0.7]]},
    **{"activation": ["linear", "relu"], "energy": [0.1, 0.5], "eigenvalues": [SPECTRUM, [0.0, 1.0, 3.0, 7.0]]},
    **{"tolerance": [None, 1e-9], "delta": [5.0, 20.0], "batches": [[4, 8, 16, 32]], "slope": [np.exp]},
    **{"outliers": [np.ones((4, 2)) + np.arange(4)[:, None] / 9], "curvature": [1.0, np.exp]},
    **{"displacement": [[0.5, 0.1]]},
    **{"levels": [np.arange(30.0), SPECTRUM * 10], "lengths": [2.0, [1.0, 3.0]], "ensemble": ["goe", "poisson"]},
    **{"values": [SPECTRUM**2, [0.3, 0.5, 0.7]], "flat": [0, 1], "spikes": [(), [3.0]], "window": [10.0]},
    **{"reference": ["kernel", S.Semicircle(), np.random.default_rng(5).standard_normal(200)], "obj": [*GAMES, 0.5]},
    **{"losses": [[[1]]], "players": [[[0]], [[0, 1]]]},
    **{"fields": [[{3: 1}], [{(2, 1): 1}], [{(2, 1): 1}, {(1, 0): 0.3}]]},
    **{"xi": [sympy.Symbol("q") ** 3], "symbols": [[sympy.Symbol("q")]], "left": [((0, 1),)], "right": [((0, 1),)]},
    **{"name": ["games", "auffinger2013-1"], "wanted": ["auffinger2013"], "species": [0, 1], "pts": [POINTS]},
    **{"windows": [(-1.7, -1.6), [-1.0, 0.5], ([-1.7, -1.0], 0), (-math.inf, math.inf)]},
    **{"c": [sg.complexity(MODELS["pure"]), sg.complexity(MODELS["field"]), *FURTHER], "indices": [(0, None), (0,)]},
    **{"overlaps": [None, [0.1, 0.5]], "strengths": [None, [0.3, 0.5]]},
    **{"estimate": [ESTIMATE], "exact": [None, 2.0], "sizes": [(3, 5)], "below": [None, -1.0]},
    **{"found": [sg.montecarlo.sampled_spectrum(S.Semicircle(), 5, samples=2, rng=1), FIT, COMPARISON, LANCZOS]},
    **{"operator": [MATRIX, np.diag([1, 2, 2, 4])], "probes": [2, 3], "steps": [2, 5], "extremes": [0, 1]},
    **{"kind": ["rademacher", "sphere"], "f": [np.exp, np.cos], "width": [None, 0.1], "reorthogonalise": [True, False]},
    **{"laws": [{"a": S.Semicircle}, {"a": S.Semicircle, "b": S.MarchenkoPastur}], "outlier": [9.0, [12.0, 15.0]]},
    **{"by": ["index", "energy"], "ensembles": [("goe",)], "y": [[0.1, 0.5], [1, 2, 3]]},
}  # fmt: skip

NAMES = {
    "": "SphericalGame algorithmic_energy balls bipartite cite complexity count_density critical_points gan "
    "ground_state_energy latex mean_count mixed mp overlap_supremum parabolic pure real_eigenpairs second_moment "
    "spiked",
    "spectra": " ".join(name for name in S.__all__ if name not in ("Comparison", "Fit", "Law", "OutlierFit", "Spikes")),
    "goe": "density log_density log_mean_abs_det mean_abs_det",
    "plotting": "comparison complexity contour convergence counts finite_size fit index_fraction lanczos parabolic "
    "phase_diagram points quenched ratios sampled spacings spectrum sphere spiked spiked_contour thresholds",
    "figures": "recipe names",
    "symbolic": "pure mixed bipartite gan of overlaps local_law dyson elimination mean_field complexity closed_forms "
    "sphere latex moment SymbolicGame",
    "montecarlo": "sampled_spectrum",
}
OF_COMPLEXITIES = (
    *("above", "below", "classify", "dominant_normals", "highest_energy", "lowest_energy", "threshold", "total"),
    *("typical_energy", "within"),
)
OF_LAWS = ("cdf", "density", "log_potential", "potential", "quantile", "sample", "stieltjes")


@functools.wraps(sg.mean_count)
def few_samples(*arguments, **keywords):
    """Return sg.mean_count of few samples, which may say that they are few or met nothing."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "the effective sample size is only")
        try:
            return sg.mean_count(*arguments, **{"samples": 70, **keywords})
        except ArithmeticError as error:
            raise ValueError(str(error)) from None


@functools.wraps(S.fit)
def few_matrices(eigenvalues, law, *arguments, **keywords):
    """Return sg.spectra.fit by few sampled matrices, of a class where a law was meant."""
    law = S.Semicircle if law is LAWS["semicircle"] else law
    return S.fit(eigenvalues, law, *arguments, **{"samples": 5, **keywords})


class Operator:
    """A sum, difference or multiple of a law."""

    def __init__(self, law, sign):
        self.law, self.sign = law, sign

    def __call__(self, factor):
        """Return ``law sign factor``, for a sign with an r before it ``factor sign law``."""
        operands = (factor, self.law) if self.sign.startswith("r") else (self.law, factor)
        return getattr(operator, self.sign.removeprefix("r"))(*operands)


def surface():
    """Return everything that is called, by name."""
    called = {}
    for room, names in NAMES.items():
        called |= {
            f"{room}.{name}".strip("."): getattr(getattr(sg, room) if room else sg, name) for name in names.split()
        }
    called["mean_count"] = few_samples
    for name, model in MODELS.items():
        for method in ("annealed", "quenched") if name in ("pure", "mixed") else ("annealed",):
            c = sg.complexity(model, method)
            called |= {f"{method} {name}": c} | {
                f"{method} {name}.{part}": getattr(c, part) for part in OF_COMPLEXITIES
            }
        called |= {f"{name}.{part}": getattr(model, part) for part in ("draw", "hessian", "local_law")}
    for name, law in LAWS.items():
        called |= {
            f"law {name}.{part}": getattr(law, part) for part in OF_LAWS if (name, part) != ("sparse", "quantile")
        }
        called |= {f"law {name} {sign}": Operator(law, sign) for sign in ("add", "radd", "rsub", "sub", "mul")}
    for name, draw in DRAWS.items():
        parts = ("energies", "gradient", "hessian", "indices", "losses", "multipliers")
        called |= {f"draw {name}.{part}": getattr(draw, part) for part in parts}
    parts = ("at_overlap", "band", "best_value", "critical_lambda", "rate", "spike_overlap")
    called |= {f"spiked(3, 1.).{part}": getattr(sg.spiked(3, 1.0), part) for part in parts}
    for name, model in (("spiked(3, 1.)", sg.spiked(3, 1.0)), ("parabolic(.5)", sg.parabolic(0.5))):
        c = sg.complexity(model)
        called |= {f"annealed {name}": c} | {f"annealed {name}.{part}": getattr(c, part) for part in OF_COMPLEXITIES}
    called |= {f"parabolic(.5).{part}": getattr(sg.parabolic(0.5), part) for part in ("minima", "total")}
    called["pure.hessian(-1.5).sample"] = MODELS["pure"].hessian(-1.5).sample
    pictured = {"complexity": c, "law": LAWS["semicircle"], "points": POINTS, "estimate": ESTIMATE, "fit": FIT}
    called |= {f"plot of {name}": thing.plot for name, thing in pictured.items()}
    tw, spacing = S.TracyWidom(4), S.LevelSpacing(2)
    called |= {f"TracyWidom(4).{part}": getattr(tw, part) for part in ("cdf", "sf", "pdf", "quantile", "isf")}
    called |= {
        f"LevelSpacing(2).{part}": getattr(spacing, part) for part in ("gap_probability", "cdf", "pdf", "quantile")
    }
    edge = S.edge(LAWS["marchenko_pastur"], 20, "left")
    called |= {f"edge.{part}": getattr(edge, part) for part in ("p_value", "quantile")}
    called["law block.block_densities"] = LAWS["block"].block_densities
    power = S.MultiplicativePower(LAWS["poisson"], 1.5)
    called |= {f"law power.{part}": getattr(power, part) for part in ("density", "potential", "quantile")}
    called["law poisson.multiplicative_power"] = LAWS["poisson"].multiplicative_power
    called["law marchenko_pastur.multiplicative_power"] = LAWS["marchenko_pastur"].multiplicative_power
    called["law divisible.r_transform"] = LAWS["divisible"].r_transform
    called["spectra.fit"], called["spectra.compare"] = few_matrices, functools.partial(S.compare, samples=5)
    called["spectra.fit.interval"] = FIT.interval
    called["fit.intervals"] = S.fit_outliers(SANE["batches"][0], SANE["outliers"][0]).intervals
    parts = ("cdf", "cdf_error", "density", "density_error", "mean", "mean_error", "moment", "moment_error", "trace")
    called |= {f"lanczos.{part}": getattr(LANCZOS, part) for part in (*parts, "trace_error", "plot")}
    return called
