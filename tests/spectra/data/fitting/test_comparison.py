"""Several laws in one table: the right one is kept, the wrong one is refused by its p-value."""

import numpy as np
import pytest

import spinglass as sg
from spinglass.spectra.data.fitting.ensembles import eigenvalues

S = sg.spectra
LAWS = {"Wigner": S.Semicircle, "Wishart": S.MarchenkoPastur}


@pytest.fixture(scope="module")
def found():
    values = eigenvalues(S.MarchenkoPastur(0.3), 100, np.random.default_rng(1))
    return S.compare(values, LAWS, samples=39, rng=1)


def test_the_law_of_the_matrix_is_kept_and_the_other_is_not(found):
    assert list(found) == list(LAWS) and len(found) == 2
    assert found["Wigner"].p_value < 0.05 < found["Wishart"].p_value
    assert found["Wigner"].distance > found["Wishart"].distance


def test_the_table_says_what_the_fits_say(found):
    for row, (name, one) in zip(found.table, found.items(), strict=True):
        assert (row["law"], row["free"], row["distance"], row["p"]) == (name, 2, one.distance, one.p_value)
    lines = str(found).splitlines()
    assert lines[0].split() == ["law", "free", "outliers", "distance", "p", "parameters"]
    assert len(lines) == 3 and "ratio = " in lines[2] and len({line.index("0.0") for line in lines[1:]}) == 1


def test_a_fit_by_itself_is_the_one_of_the_table(found):
    alone = S.fit(found["Wishart"].eigenvalues, S.MarchenkoPastur, samples=39, rng=1)
    assert alone.parameters == found["Wishart"].parameters and alone.p_values == found["Wishart"].p_values


@pytest.mark.parametrize(
    ("laws", "message"),
    [([S.Semicircle], "laws: expected a dict"), ({}, "at least one law"), ({1: S.Semicircle}, "with a name")],
)
def test_what_has_no_names_is_refused(laws, message):
    with pytest.raises((TypeError, ValueError), match=message):
        S.compare(np.linspace(-1, 1, 20), laws)
