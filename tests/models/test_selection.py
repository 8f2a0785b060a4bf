"""Which equilibria are meant: checked once, read in one place of every room, unknown kinds refused in one line."""

import re
from dataclasses import FrozenInstanceError, dataclass
from pathlib import Path

import numpy as np
import pytest

import spinglass as sg
from spinglass.models.selection import ANY_INDEX, GivenIndex, IndexFraction, Selection, selected


@dataclass(frozen=True)
class Marked(Selection):
    """A kind of equilibria that no room knows: those of one colour."""

    colour: str

    def __str__(self):
        return f"equilibria marked {self.colour}"


PACKAGE = Path(sg.__file__).parent
TOY = Marked("red")
GAN, GLASS, PURE, MIXED = sg.gan(3, 3, 1.0, 0.9), sg.bipartite(2, 2, 0.3), sg.pure(3), sg.mixed({3: 0.5, 4: 0.5})

#: The one file of every room in which the kind of a selection is read.
READERS = {
    "complexity/further/answers.py": 2,  # a spiked tensor and a parabola
    "complexity/games/answers.py": 1,
    "complexity/one_sphere/answers.py": 1,
    "complexity/typical/answers.py": 1,
    "counts/parabola.py": 1,
    "finite/question.py": 1,
    "montecarlo/question.py": 1,
    "symbolic/sigma.py": 1,
}

#: Every room that answers for a selection, asked in public.
ROOMS = {
    "one sphere": lambda index: sg.complexity(PURE)(-1.0, index=index),
    "one sphere, all energies": lambda index: sg.complexity(MIXED).total(index=index),
    "game": lambda index: sg.complexity(GAN).below(-1.0, 0.5, index=index),
    "spiked tensor": lambda index: sg.complexity(sg.spiked(3, 1.0)).total(index=index),
    "parabola": lambda index: sg.complexity(sg.parabolic(0.6)).total(index=index),
    "parabola, finite N": lambda index: sg.mean_count(sg.parabolic(0.6), 4, index=index).mean,
    "game, lowest": lambda index: sg.complexity(GAN).lowest_energy(index=index),
    "joint players": lambda index: sg.complexity(GLASS).typical_energy(index=index),
    "quenched": lambda index: sg.complexity(MIXED, "quenched").total(index=index),
    "exact count": lambda index: sg.mean_count(PURE, 5, index=index),
    "exact curve": lambda index: sg.count_density(PURE, 5, [-1.0], index=index),
    "Monte Carlo": lambda index: sg.mean_count(GAN, 8, index=index, method="montecarlo", samples=10),
    "formula": lambda index: sg.symbolic.complexity(PURE, index),
    "formula of a game": lambda index: sg.symbolic.complexity(GAN, index),
}


def test_standard_forms():
    assert selected(2) is ANY_INDEX and selected(2, (None, None)) is ANY_INDEX
    assert selected(1, np.int64(3)) == selected(1, [3]) == GivenIndex((3,))
    assert selected(2, [0, None]) == GivenIndex((0, None))
    assert selected(1, None, 0.5) == selected(1, (None,), 0.5) == IndexFraction(0.5)
    assert selected(2, selected(2, (1, 0))) == GivenIndex((1, 0))
    assert [str(s) for s in (ANY_INDEX, GivenIndex((0, None)), IndexFraction(0.5))] == [
        "index None",
        "index (0, None)",
        "fraction 0.5",
    ]


def test_a_selection_does_not_change():
    with pytest.raises(FrozenInstanceError):
        selected(1, 0).index = (1,)
    assert len({selected(1, 0), selected(1, (0,)), selected(1, [0]), ANY_INDEX}) == 2


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ((2, 0), ValueError, "index: expected a tuple of 2 (one per player), got 0"),
        ((1, "0"), TypeError, "index: expected None, an int or a tuple of ints, got '0'"),
        ((1, True), TypeError, "index: expected None, an int or a tuple of ints, got True"),
        ((2, (0,)), ValueError, "index: expected 2 entries (one per player), got 1: (0,)"),
        ((2, (0, 0.5)), TypeError, "index: expected None or integers, got 0.5"),
        ((1, -1), ValueError, "index: expected integers of at least 0 (and at most 9007199254740992), got -1"),
        ((1, None, 1.0), ValueError, "fraction: expected a number strictly between 0 and 1, got 1.0: for the ends use"),
        ((1, 0, 0.5), ValueError, "index, fraction: expected one of them, got index=(0,) and fraction=0.5; leave out"),
    ],
)
def test_wrong_selections_are_refused_in_one_line(arguments, error, text):
    with pytest.raises(error) as caught:
        selected(*arguments)
    assert str(caught.value).startswith(text) and "\n" not in str(caught.value)


@pytest.mark.parametrize("room", ROOMS)
def test_an_unknown_kind_is_refused_in_one_line(room):
    with pytest.raises(NotImplementedError) as caught:
        ROOMS[room](TOY)
    text = str(caught.value)
    assert "\n" not in text and "index: expected " in text and "got equilibria marked red" in text, text


@pytest.mark.parametrize(("room", "index"), [("one sphere", 0), ("game", (0, None)), ("exact curve", 2)])
def test_a_selection_may_stand_in_place_of_its_index(room, index):
    players = len(index) if isinstance(index, tuple) else 1
    np.testing.assert_array_equal(ROOMS[room](selected(players, index)), ROOMS[room](index))


def test_one_class_outside_gives_a_room_a_kind():
    """What a new kind costs a room that can answer: one place, here added from outside to that of one sphere."""
    from spinglass.complexity.one_sphere.answers import IndexRates, SphereAnswers
    from spinglass.complexity.questions import FREE

    class Knowing(SphereAnswers):
        def of(self, selection):
            return IndexRates(self, 0) if isinstance(selection, Marked) else super().of(selection)

    total = Knowing(PURE).of(TOY).supremum(FREE, sg.float64)
    assert total == sg.complexity(PURE).total(index=0)


def test_every_room_reads_the_kind_in_one_place():
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if re.search(r"\.refused\(|\bcase (?:AnyIndex|GivenIndex|IndexFraction)\(", text):
            found[path.relative_to(PACKAGE).as_posix()] = text.count(".refused("), text.count("match selection")
    assert found == {path: (kinds, kinds) for path, kinds in READERS.items()}
