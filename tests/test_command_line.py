"""The command line: the numbers it prints, and one clear line with exit code 2 for a wrong argument."""

import math
import subprocess
import sys

import pytest

import spinglass as sg
from spinglass.command_line.program import COMMANDS, main


def run(capsys, *words):
    """Run the command line in this process; return exit code, output and errors."""
    try:
        code = main(list(words))
    except SystemExit as stop:  # argparse
        code = stop.code
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_complexity_at_an_energy_with_digits(capsys):
    code, out, _ = run(capsys, "complexity", "--pure", "3", "--energy", "-1.65", "--index", "0", "--digits", "50")
    assert code == 0
    assert out.strip() == "0.0042538940146591872187734703502592249968189219216435"


def test_complexity_in_double_precision(capsys):
    code, out, _ = run(capsys, "complexity", "--gan", "3", "3", "1", ".9", "--energy", "-1", ".5", "--below")
    assert code == 0
    assert float(out) == sg.complexity(sg.gan(3, 3, 1.0, 0.9)).below(-1.0, 0.5)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (["--mixed", "3:.5,4:.5"], 0.47223080442043),
        (["--mixed", "3:.5,4:.5", "--index", "0"], 0.032230804420426),
        (["--bipartite", "2", "3", "1/2", "--energy", "-1"], 0.494800873977),
        (["--pure", "3", "--energy", "inf", "--below"], 0.34657359027997),
        (["--mixed", "3:1/2,16:1/32", "--energy", "-1.287", "--index", "0", "--quenched"], 0.00092081818450762),
    ],
)
def test_models(capsys, words, value):
    code, out, _ = run(capsys, "complexity", *words)
    assert code == 0
    assert float(out) == pytest.approx(value, abs=1e-12)


def test_thresholds_table(capsys):
    code, out, _ = run(capsys, "thresholds", "--pure", "3", "--digits", "18")
    assert code == 0
    for value in ("-1.65699836352747325", "-1.65287319810304301", "-1.65025312743927278", "-1.63299316185545207"):
        assert value in out


def test_thresholds_of_a_game(capsys):
    code, out, _ = run(capsys, "thresholds", "--gan", "3", "3", "1", ".9")
    assert code == 0
    assert "lowest energy of loss 2" in out and "-2.54513624" in out


def test_windows_of_a_count(capsys):
    """The ends of all losses one after another, minus infinity among them."""
    words = ["count", "--pure", "3", "-n", "5", "--window", "-inf", "-1.3", "--index", "0"]
    code, out, _ = run(capsys, *words)
    mean = sg.mean_count(sg.pure(3), 5, (-math.inf, -1.3), 0).mean
    assert code == 0 and float(out.split()[1]) == pytest.approx(mean, rel=1e-9)
    code, out, _ = run(capsys, *words, "--digits", "20")
    assert code == 0 and float(out.split()[1]) == pytest.approx(mean, rel=1e-12)
    words = ["count", "--gan", "2", "1", ".5", ".5", "-n", "2", "2", "--window", "-1", ".5", "-inf", "0"]
    code, out, _ = run(capsys, *words, "--method", "montecarlo", "--samples", "2000", "--seed", "3")
    windows, options = [(-1, 0.5), (-math.inf, 0)], {"method": "montecarlo", "samples": 2000, "rng": 3}
    mean = sg.mean_count(sg.gan(2, 1, 0.5, 0.5), (2, 2), windows, **options).mean
    assert code == 0 and float(out.split()[1]) == pytest.approx(mean, rel=1e-9)


@pytest.mark.parametrize("option", ["--samples", "--seed", "--store"])
@pytest.mark.parametrize("method", [[], ["--method", "exact"]])
def test_an_exact_count_takes_nothing_that_it_would_ignore(capsys, option, method):
    code, out, error = run(capsys, "count", "--pure", "3", "-n", "4", *method, option, "7")
    assert code == 2 and not out
    assert error.strip().endswith(f"{option}: an exact count draws nothing; leave it out, or try --method montecarlo")


@pytest.mark.parametrize(("counted", "code"), [((10.0, 10.2), 0), ((10.0, 14.0), 1), ((14.0, 14.0), 1)])
def test_check_ends_with_code_1_where_routes_disagree(capsys, monkeypatch, counted, code):
    from spinglass import agreement

    rows = [agreement.Row("made up", (4,), None, 1.0, 10.0, 10.1, 0.1, mean, 0.2) for mean in counted]
    monkeypatch.setattr(agreement, "agreement", lambda draws, samples, seed: rows)
    assert run(capsys, "check")[0] == code


def test_check_prints_four_routes_side_by_side(capsys):
    code, out, _ = run(capsys, "check", "--draws", "10", "--samples", "2000")
    assert code == 0
    assert out.count("+-") == 2 * 16
    assert "all 16 rows agree" in out


def test_figures_are_listed_and_drawn(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("SPINGLASS_CACHE", str(tmp_path / "cache"))
    code, out, _ = run(capsys, "figures", "--list")
    assert code == 0 and "baskerville2021gan-7" in out
    code, out, _ = run(capsys, "figures", "auffinger2013-1", "--quick", "--out", str(tmp_path / "new" / "folder"))
    assert code == 0
    assert (tmp_path / "new" / "folder" / "auffinger2013-1.png").stat().st_size > 20_000


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["complexity", "--pure", "1"], "p: expected an integer of at least 2, got 1"),
        (["complexity", "--pure", "2.5"], "p: expected an integer of at least 2, got 5/2"),
        (["complexity", "--gan", "3", "3", "0", ".9"], "no equation of motion"),
        (["complexity", "--gan", "3", "3", "1", "1.5"], "strictly between 0 and 1"),
        (["complexity", "--gan", "3", "3", "nan", ".5"], "finite number"),
        (["complexity", "--gan", "3", "3", "1", ".9", "--energy", "1"], "expected 2 (one per loss), got 1"),
        (["complexity", "--pure", "3", "--index", "0", "1"], "expected 1 entries"),
        (["complexity", "--pure", "3", "--index", "-1"], "at least 0"),
        (["complexity", "--pure", "3", "--digits", "0"], "positive integer"),
        (["complexity", "--mixed", "3:x"], "--mixed: expected P:C"),
        (["complexity", "--mixed", "3:-1"], "non-negative"),
        (["count", "--mixed", "3:1e-320", "-n", "2"], "try other units"),
        (["complexity", "--pure", "3", "--gan", "3", "3", "1", ".9"], "exactly one of"),
        (["complexity"], "exactly one of"),
        (["complexity", "--pure", "3", "--below"], "--below"),
        (["figures", "nonsense"], "no figure or paper is called"),
        (["figures", "--out", "/dev/null/x", "auffinger2013-1"], "expected a folder"),
        (["complexity", "--pure", "three"], "invalid number value"),
        (["complexity", "--mixed", "3:1,4:1,3:5"], "--mixed: expected every degree once, got 3 again"),
        (["complexity", "--mixed", "3:1e1000000000"], "expected P:C"),
        (["complexity", "--pure", "3", "--energy", "1e1000000000"], "invalid number value"),
        (["complexity", "--pure", "3", "--energy", "1e400"], "that a float can hold"),
        (["complexity", "--mixed", "3:.5,4:.5", "--quenched", "--digits", "9"], "--digits: the quenched"),
        (["count", "--gan", "3", "2", ".5", ".6", "-n", "8", "--method", "exact"], "try --method montecarlo"),
        (["complexity", "--pure", "3", "--energies", "-1.7:-1.6"], "expected LO:HI:COUNT"),
        (["complexity", "--pure", "3", "--energies", "-1.6:-1.7:9"], "expected LO:HI:COUNT"),
        (["complexity", "--pure", "3", "--energies", "-1.7:inf:9"], "expected LO:HI:COUNT"),
        (["complexity", "--pure", "3", "--energies", "-1:1:1"], "expected LO:HI:COUNT"),
        (["complexity", "--pure", "3", "--energies", "-1", "2"], "--energies: expected 1 (one per loss), got 2"),
        (
            ["complexity", "--gan", "3", "3", "1", ".9", "--energies", "-1:1:2000", "-1:1:2000"],
            "at most 1000000 points",
        ),
        (["complexity", "--pure", "3", "--energies", "-1:1:5", "--energy", "1"], "without --energy"),
        (["complexity", "--pure", "3", "--index", "some"], "expected an integer or 'any'"),
        (["complexity", "--pure", "3", "--out", "/dev/null/x"], "--out: expected a file that can be written"),
        (["count", "--pure", "3", "-n", "8", "--method", "montecarlo", "--digits", "9"], "try --method exact"),
        (["nonsense"], "invalid choice"),
        ([], "required"),
    ],
)
def test_wrong_arguments_end_with_one_line_and_code_2(capsys, words, expected):
    code, out, err = run(capsys, *words)
    assert code == 2
    assert out == ""
    assert expected in err.strip().splitlines()[-1]
    assert "Traceback" not in err


@pytest.mark.parametrize("words", [["--help"], *([name, "--help"] for name in COMMANDS)])
def test_help_says_what_there_is(capsys, words):
    code, out, _ = run(capsys, *words)
    assert code == 0 and "usage: python -m spinglass" in out


def test_module_runs_as_a_program():
    done = subprocess.run(
        [sys.executable, "-m", "spinglass", "complexity", "--pure", "1"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(("words", "code"), [(["figures", "--list"], 1), (["--help"], 0)])
def test_a_closed_pipe_is_quiet(words, code):
    command = [sys.executable, "-m", "spinglass", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        program.stdout.close()  # before anything is written
        assert program.stderr.read() == "" and program.wait(timeout=120) == code


@pytest.mark.parametrize(
    ("stop", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "python -m spinglass check: stopped"),
        (KeyboardInterrupt("stopped with 64 of 100 samples done"), 130, "stopped with 64 of 100 samples done"),
        (MemoryError(), 2, "error: not enough memory; try smaller sizes"),
        (MemoryError("Unable to allocate 7 TiB"), 2, "error: not enough memory (Unable to allocate 7 TiB)"),
        (ImportError("sg.balls needs python-flint"), 2, "error: --proof needs python-flint"),
    ],
)
def test_what_stops_a_command_is_said_in_one_line(capsys, monkeypatch, stop, code, said):
    def stopped(_):
        raise stop

    monkeypatch.setitem(COMMANDS, "check", COMMANDS["check"]._replace(run=stopped))
    got, out, err = run(capsys, "check")
    assert (got, out) == (code, "") and said in err and err.count("\n") == 1


def test_a_proof_without_python_flint_is_refused_in_one_line():
    hidden = (
        "import sys; sys.modules['flint'] = None; from spinglass.command_line.program import main; sys.exit(main())"
    )
    words = ["count", "--pure", "3", "-n", "8", "--digits", "30", "--proof"]
    done = subprocess.run([sys.executable, "-c", hidden, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.count("\n") == 1 and "pip install python-flint" in done.stderr
