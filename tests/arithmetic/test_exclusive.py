"""What the whole process shares, the precision of python-flint and the constants of mpmath, is used by one thread."""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import flint
import mpmath
import pytest

import spinglass as sg
from spinglass.arithmetic import Float64
from spinglass.arithmetic.ball import Balls
from spinglass.arithmetic.exclusive import LOCK, exclusive
from spinglass.arithmetic.multiprecision import Multiprecision
from spinglass.complexity.further.parabola import parabolic
from spinglass.complexity.further.parabola_counts import parabolic_mean_count
from spinglass.complexity.further.spiked_tensor import spiked


@pytest.fixture
def restless():
    """Let threads change places all the time, and look for precisions that are left behind."""
    interval, before = sys.getswitchinterval(), flint.ctx.prec
    sys.setswitchinterval(1e-4)
    flint.ctx.prec = 77
    yield
    after, flint.ctx.prec = flint.ctx.prec, before
    sys.setswitchinterval(interval)
    assert after == 77


def test_proofs_in_threads(restless):
    """Lowest energies at 20 to 160 digits and lists of critical points, all proven, whatever the others do."""
    draw = sg.pure(3).draw(3, rng=1)
    known = {p: sg.complexity(sg.pure(p)).lowest_energy(index=0, arithmetic=sg.mp(200)) for p in (3, 4, 5)}
    count = sg.critical_points(draw).count

    def prove(i):
        if i % 8 == 0:
            points = sg.critical_points(draw)
            assert points.proven and points.count == count
            return
        p, digits = 3 + i % 3, 20 + 35 * (i % 5)
        ball = sg.complexity(sg.pure(p)).lowest_energy(index=0, arithmetic=sg.balls(digits))
        with exclusive(flint.ctx, 600):
            assert ball.contains(flint.arb(mpmath.nstr(known[p], 195))) and ball.rad() < flint.arb(10) ** -digits

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(prove, range(64)))


def test_digits_in_threads_are_those_of_one_thread(restless):
    questions = [(p, 15 + 10 * i) for i in range(12) for p in (3, 4)]

    def answer(question):
        p, digits = question
        return sg.complexity(sg.pure(p)).lowest_energy(index=1, arithmetic=sg.mp(digits))

    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(answer, questions))
    assert list(map(repr, together)) == [repr(answer(question)) for question in questions]


@pytest.mark.parametrize("other", [sg.mp(150), sg.balls(150), sg.symbols], ids=["mp", "balls", "symbols"])
@pytest.mark.parametrize("ar", [sg.mp(20), sg.balls(20)], ids=["mp", "balls"])
def test_nothing_with_digits_is_computed_within_a_block_of_another_thread(ar, other):
    before, done = flint.ctx.prec, threading.Event()

    def compute():
        sg.complexity(sg.mixed({2: 1, 3: 1})).total(arithmetic=other)
        done.set()

    thread = threading.Thread(target=compute)
    with ar.precision():
        inside = flint.ctx.prec
        thread.start()
        assert not done.wait(0.1) and flint.ctx.prec == inside
    thread.join(60)
    assert done.is_set() and flint.ctx.prec == before


def test_blocks_within_blocks_put_back_what_they_found():
    before, context = flint.ctx.prec, sg.mp(20).context
    with pytest.raises(KeyboardInterrupt), sg.balls(20).precision():
        outer, digits = flint.ctx.prec, context.prec
        with sg.balls(90).precision(), sg.mp(20).precision():
            context.prec += 100  # as functions of mpmath do for a while
            with sg.mp(20).precision():
                assert context.prec == digits + 100  # what they call must not lower it
        assert (flint.ctx.prec, context.prec) == (outer, digits)
        raise KeyboardInterrupt
    assert flint.ctx.prec == before
    assert LOCK.acquire(blocking=False)
    LOCK.release()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that fork")
def test_a_forked_process_can_compute(restless):
    """A process is forked between blocks: the lock is free in it, and the precision is its own."""
    inside, leave = threading.Event(), threading.Event()

    def hold():
        with sg.balls(100).precision():
            inside.set()
            leave.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    inside.wait(60)
    threading.Timer(0.1, leave.set).start()
    child = os.fork()
    if not child:
        os._exit(0 if LOCK.acquire(blocking=False) and flint.ctx.prec == 77 else 1)
    thread.join(60)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


# -- who computes with digits holds the lock ------------------------------------------------------------------------

HALF = Fraction(1, 2)

CALLS = {
    "law": lambda ar: sg.gan(3, 3, 1, HALF).local_law(ar),
    "rate": lambda ar: sg.complexity(sg.pure(3))(-1.64, index=0, arithmetic=ar),
    "lowest": lambda ar: sg.complexity(sg.pure(3)).lowest_energy(arithmetic=ar),
    "threshold": lambda ar: sg.complexity(sg.pure(3)).threshold(arithmetic=ar),
    "count": lambda ar: sg.mean_count(sg.pure(3), 4, arithmetic=ar),
    "window": lambda ar: sg.mean_count(sg.pure(3), 3, (-2, -1), 0, arithmetic=ar),
    "mixture": lambda ar: sg.mean_count(sg.mixed({2: 1, 3: 1}), 3, (-2, -1), 0, arithmetic=ar),
    "density": lambda ar: sg.count_density(sg.pure(3), 3, -1.5, 0, arithmetic=ar),
    "goe": lambda ar: sg.goe.density(3, HALF, ar),
    "determinant": lambda ar: sg.goe.mean_abs_det(3, HALF, ar),
    "index": lambda ar: sg.goe.mean_abs_det_index(2, HALF, 1, ar),
    "spike": lambda ar: spiked(3, 1).spike_overlap(ar),
    "band": lambda ar: spiked(3, 1).band(arithmetic=ar),
}
ONLY_MP = {"linear": lambda ar: sg.mean_count(sg.SphericalGame([1], [{1: 1}], [[1]], [[0]]), 3, (-2, 1), arithmetic=ar)}
ONLY_MP["parabolic"] = lambda ar: parabolic_mean_count(parabolic(HALF), 2, arithmetic=ar)
FLOATS = {"linear": ONLY_MP["linear"], "spike": CALLS["spike"]}


@pytest.mark.parametrize(
    ("kind", "ar", "calls"),
    [
        (Multiprecision, sg.mp(17), CALLS | ONLY_MP),
        (Balls, sg.balls(17), CALLS),
        (Multiprecision, Float64(), FLOATS),
    ],
    ids=["mp", "balls", "mp for floats"],
)
def test_every_number_is_made_under_the_lock(monkeypatch, kind, ar, calls):
    made = 0

    def number(self, x, original=kind.number):
        nonlocal made
        made += 1
        assert LOCK._is_owned()
        return original(self, x)

    monkeypatch.setattr(kind, "number", number)
    assert len(calls) > 1
    for name, call in calls.items():
        made = 0
        call(None if isinstance(ar, Float64) else ar)
        assert made, name


def test_the_precision_of_flint_is_set_behind_the_lock_only():
    room = os.path.dirname(sg.__file__)
    assert os.path.exists(os.path.join(room, "arithmetic", "exclusive.py"))
    for folder, _, files in os.walk(room):
        for file in files:
            if file.endswith(".py") and file != "exclusive.py":
                with open(os.path.join(folder, file), encoding="utf-8") as source:
                    text = source.read()
                assert not any(word in text for word in ("workprec", "workdps", "ctx.prec =", "ctx.dps =")), file
