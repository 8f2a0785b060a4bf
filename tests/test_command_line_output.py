"""Curves, tables and files from the command line, and errors that speak of its options."""

import csv
import json
import math
import re

import numpy as np
import pytest

import spinglass as sg
from spinglass.command_line.program import main


@pytest.fixture
def run(capsys):
    """Run the command line in this process; return exit code, output and errors."""

    def ran(*words):
        try:
            code = main(list(words))
        except SystemExit as stop:  # argparse
            code = stop.code
        return code, *capsys.readouterr()

    return ran


def table(text):
    """Return the columns of a csv table."""
    names, *rows = csv.reader(text.splitlines())
    return {name: [float(row[i]) for row in rows] for i, name in enumerate(names)}


CURVE = ("complexity", "--pure", "3", "--energies")
GAN = ("complexity", "--gan", "3", "3", "1", ".9")


def test_curves_over_a_range(run):
    words = [*CURVE, "-1.7:-1.6:21", "--index", "0", "--index", "1", "--index", "any"]
    code, out, _ = run(*words, "--format", "csv")
    found, c = table(out), sg.complexity(sg.pure(3))
    assert code == 0 and list(found) == ["u1", "index 0", "index 1", "index any"]
    np.testing.assert_allclose(found["u1"], np.linspace(-1.7, -1.6, 21), rtol=1e-15)
    for name, index in {"index 0": 0, "index 1": 1, "index any": None}.items():
        np.testing.assert_array_equal(found[name], c(found["u1"], index=index))
    lines = run(*words)[1].splitlines()
    assert lines[0].split() == ["u1", "index", "0", "index", "1", "index", "any"] and len(lines) == 22
    assert [float(line.split()[1]) for line in lines[1:]] == found["index 0"]


def test_a_grid_of_two_losses(run):
    code, out, _ = run(*GAN, "--energies", "-3:1:3", "-2:1:2", "--below", "--format", "json")
    found = json.loads(out)
    assert code == 0 and found["kind"] == "annealed cumulative complexity" and "xi1 = q1^3" in found["model"]
    assert [(row["u1"], row["u2"]) for row in found["rows"]] == [(a, b) for a in (-3, -1, 1) for b in (-2, 1)]
    expected = sg.complexity(sg.gan(3, 3, 1.0, 0.9)).below(np.array([[-3.0], [-1.0], [1.0]]), np.array([[-2.0, 1.0]]))
    np.testing.assert_allclose([row["all"] for row in found["rows"]], expected.ravel(), rtol=1e-12)


def test_one_loss_may_be_held(run):
    found = table(run(*GAN, "--energies", "-1", "-1:1:3", "--format", "csv")[1])
    assert found["u1"] == [-1, -1, -1] and found["u2"] == [-1, 0, 1]


def test_curves_with_digits_and_where_nothing_exists(run):
    words = [*CURVE, "-1.65:-1:3", "--index", "0"]
    code, out, _ = run(*words, "--digits", "30", "--format", "json")
    first, _, last = json.loads(out)["rows"]
    assert code == 0 and first["u1"] == "-1.65" and first["index 0"].startswith("0.0042538940146591872187734703")
    assert last["index 0"] == "-inf"
    assert json.loads(run(*words, "--format", "json")[1])["rows"][2] == {"u1": -1.0, "index 0": None}
    assert table(run(*words, "--format", "csv")[1])["index 0"][2] == -math.inf


def test_several_indices_of_all_energies(run):
    code, out, _ = run(*GAN, "--index", "0", "0", "--index", "any", "0")
    names, values = out.splitlines()
    c = sg.complexity(sg.gan(3, 3, 1.0, 0.9))
    assert code == 0 and names.split() == ["index", "0,0", "index", "any,0"]
    assert [float(x) for x in values.split()] == [c.total(index=(0, 0)), c.total(index=(None, 0))]


@pytest.mark.parametrize("end", ["csv", "json"])
def test_output_goes_to_a_file_in_the_form_of_its_name(run, tmp_path, end):
    assert run(*CURVE, "-1.7:-1.6:4", "--out", str(tmp_path / f"curve.{end}")) == (0, "", "")
    assert (tmp_path / f"curve.{end}").read_text() == run(*CURVE, "-1.7:-1.6:4", "--format", end)[1]


def test_thresholds_and_counts_as_json_and_csv(run):
    rows = json.loads(run("thresholds", "--pure", "3", "--format", "json")[1])["rows"]
    values = {row["quantity"]: row["value"] for row in rows}
    assert values["lowest energy, index 1"] == sg.complexity(sg.pure(3)).lowest_energy(index=1)
    found = json.loads(run("count", "--pure", "3", "-n", "8", "--format", "json")[1])
    assert found["rows"][0]["mean"] == float(sg.mean_count(sg.pure(3), 8).mean)
    assert found["n"] == [8] and found["method"] == "exact"
    words = ["count", "--gan", "2", "1", ".5", ".5", "-n", "3", "3", "--samples", "500", "--seed", "3"]
    found = table(run(*words, "--format", "csv")[1])  # sampled, as there is no formula
    estimate = sg.mean_count(sg.gan(2, 1, 0.5, 0.5), (3, 3), samples=500, rng=3)
    assert (found["log_mean"], found["stderr"]) == ([float(estimate.log_mean)], [float(estimate.stderr)])


#: What a programmer would read.
PYTHON = re.compile(
    r"\b(method|samples|index|arithmetic|rng|store|energies|fraction)=|\bsg\.|\bNone\b|\bFraction\(|float64"
    r"|^(energies|index|rng|n):"
)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("complexity --bipartite 2 3 .5 --quenched", "leave out --quenched for an upper bound"),
        ("complexity --mixed 1:.5,3:1 --quenched --energy -1.5", "leave out --quenched"),
        ("complexity --mixed 3:1,4:1 --quenched --index 1", "try --index 0 or none, or leave out --quenched"),
        ("complexity --bipartite 2 3 .5 --index 1 --energy -1", "--index: 1 negative eigenvalues"),
        ("complexity --bipartite 2 3 .5 --index 0 --digits 20", "--index: local minima"),
        ("complexity --gan 3 3 1 .9 --index 0", "--index: expected 2 entries"),
        ("complexity --pure 3 --energy nan", "--energy: expected numbers"),
        ("complexity --gan 2 2 1e300 .5", "--gan: losses[0]"),
        ("complexity --pure 3 --digits 0", "--digits: expected a positive integer"),
        ("thresholds --pure 3 --indices -1", "--indices: expected an integer of at least 0"),
        ("count --pure 3 -n 0", "-n: expected an integer of at least 2"),
        ("count --pure 3 -n 100000000", "complexity for large N or --method montecarlo"),
        ("count --pure 3 -n 400 --digits 20 --index 0", "-n at an index in 20 digits"),
        ("count --pure 3 -n 4 --window 2 1", "--window: expected lo < hi, got [2, 1]"),
        ("count --pure 3 -n 4 --window nan 1", "--window: expected numbers"),
        ("count --pure 3 -n 4 --window 1", "--window: expected LO HI"),
        ("count --pure 3 -n 4 --index 9", "--index: expected at most"),
        ("count --pure 3 -n 4 --method montecarlo --samples 0", "--samples: expected"),
        ("count --pure 3 -n 4 --method montecarlo --seed -1", "--seed: expected"),
        ("count --pure 3 -n 4 --workers 0", "--workers: expected"),
        ("count --pure 3 -n 4 --method montecarlo --store /dev/null/x", "--store: "),
        ("count --mixed 1:1 -n 4", "--mixed: coefficients"),
        ("check --draws 0", "--draws: expected"),
        ("check --seed -1", "--seed: expected"),
        ("figures auffinger2013-1 --out /dev/null/x", "--out: expected"),
        ("figures auffinger2013-1 --width 0", "--width: expected"),
    ],
)
def test_errors_are_about_options(run, words, expected):
    code, out, err = run(*words.split())
    message = err.strip().splitlines()[-1]
    assert (code, out) == (2, "") and expected in message
    assert not PYTHON.search(message.split("error: ", 1)[1])
