"""The public surface under arguments of every kind: an answer, or one line that says what was expected.

Every callable is called with arguments of which some make sense and some make none.  It may raise ValueError, TypeError
and NotImplementedError themselves (no subclass: those come from libraries) with one line; it must not warn, return nan,
run text as code, or take long.
"""

import builtins
import dataclasses
import inspect
import math
import os
import random
import signal
import threading

import matplotlib
import matplotlib.pyplot as plt
import mpmath
import numpy as np
import pytest
import sympy

import spinglass as sg

from ._surface import MODELS, NASTY, SANE, surface

matplotlib.use("Agg")
SURFACE = surface()

ALLOWED = (ValueError, TypeError, NotImplementedError)
SECONDS = 60  # of one call, the compilation of its kernels included
CALLS = int(os.environ.get("SPINGLASS_FUZZ_CALLS", "12"))  # of every callable


class Late(BaseException):
    """A call took too long."""


@pytest.fixture(scope="module", autouse=True)
def compiled():
    """Compile what takes longest before the time of a call counts."""
    for model in MODELS.values():
        c = sg.complexity(model)
        c.total(), c.total(index=(0,) * len(model.players)), c.lowest_energy(), model.hessian()
        sg.spectra.LogDeterminant(model.local_law())(np.zeros(len(model.fractions)))


@pytest.fixture(autouse=True)
def no_code_is_run(monkeypatch):
    def fuzzed():
        raise KeyboardInterrupt("text was run as code")

    monkeypatch.setattr(builtins, "fuzzed", fuzzed, raising=False)


@pytest.fixture(autouse=True)
def an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    yield
    assert list(tmp_path.iterdir()) == []


def limited(function, *arguments, **keywords):
    """Call a function; Late if it takes too long (in the main thread of a POSIX system, where alarms are heard)."""

    def late(*_):
        raise Late

    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGALRM"):
        return function(*arguments, **keywords)
    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        return function(*arguments, **keywords)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def holds_nan(x, depth=4):
    """Tell whether a result, or what it is made of, is nan."""
    if isinstance(x, np.ndarray) and x.dtype.kind in "fc":
        return bool(np.isnan(x).any())
    if isinstance(x, sympy.Basic):
        return x.has(sympy.nan)
    if type(x).__name__ in ("arb", "acb"):
        return not x.is_finite() and x.real.is_nan()
    if isinstance(x, (float, complex, np.number)) or hasattr(x, "_mpf_"):
        return bool(x != x)
    if depth and dataclasses.is_dataclass(x) and not isinstance(x, type):
        return any(holds_nan(getattr(x, part.name), depth - 1) for part in dataclasses.fields(x))
    parts = x.values() if isinstance(x, dict) else x if isinstance(x, (tuple, list)) else ()
    parts = x.ravel() if isinstance(x, np.ndarray) and x.dtype == object else parts
    return bool(depth) and any(holds_nan(part, depth - 1) for part in parts)


def drawn(function, rng):
    """Return positional and keyword arguments, mostly with one that makes no sense."""
    parameters = inspect.signature(function).parameters.values()
    required = [
        p for p in parameters if p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    ]
    several = [p for p in parameters if p.kind == p.VAR_POSITIONAL]
    optional = [p for p in parameters if p.default is not p.empty]
    named = [p for p in parameters if p.default is p.empty and p.kind == p.KEYWORD_ONLY]
    used = named + [p for p in optional if rng.random() < 1 / 3]
    slots = [*required, *(p for p in several for _ in range(rng.randrange(3))), *used]
    wrong = {rng.randrange(len(slots)) for _ in range(rng.choice([0, 1, 1, 1, 2]))} if slots else set()
    values = [rng.choice((i not in wrong and SANE.get(p.name)) or NASTY) for i, p in enumerate(slots)]
    plain = len(slots) - len(used)
    return values[:plain], {p.name: v for p, v in zip(used, values[plain:], strict=True)}


def answered(function, arguments, keywords):
    """Tell whether a call is answered; it may be refused in one line, and nothing else."""
    try:
        result = limited(function, *arguments, **keywords)
    except ALLOWED as error:
        message = str(error)
        assert type(error) in ALLOWED, f"{type(error).__name__}: {message}"
        assert message and "\n" not in message and len(message) < 1500
        return False
    except Late:
        pytest.fail(f"no answer in {SECONDS} s")
    finally:
        plt.close("all")  # one call may leave one figure, forty of them more than matplotlib keeps quietly
    assert not holds_nan(result)
    return True


@pytest.mark.parametrize("name", SURFACE)
def test_any_call_is_answered_or_refused_in_one_line(name):
    rng = random.Random(name)
    for _ in range(CALLS):
        arguments, keywords = drawn(SURFACE[name], rng)
        try:
            answered(SURFACE[name], arguments, keywords)
        except BaseException:
            print(f"{name}: called with {arguments} and {keywords}")
            raise


def test_some_calls_are_answered_and_some_are_refused():
    rng = random.Random(1)
    outcomes = [answered(sg.pure, *drawn(sg.pure, rng)) for _ in range(CALLS)]
    assert set(outcomes) == {False, True}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (math.nan, True),
        ([1.0, (2.0, np.array([math.nan]))], True),
        ({"a": sympy.nan + sympy.Symbol("x")}, True),
        (mpmath.mpf("nan"), True),
        (np.array([mpmath.mpf("nan")], dtype=object), True),
        ([1.0, math.inf, "nan", None], False),
    ],
)
def test_nan_is_found_where_it_hides(value, found):
    assert holds_nan(value) == found


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="needs alarms")
def test_what_takes_long_is_stopped(monkeypatch):
    monkeypatch.setattr(signal, "alarm", lambda seconds: signal.setitimer(signal.ITIMER_REAL, 0.05 if seconds else 0))
    with pytest.raises(Late):
        limited(all, iter(lambda: True, False))
