"""Names, kept numbers, tables and folders of figures."""

import csv
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest

from spinglass import figures
from spinglass.command_line.program import main
from spinglass.figures import cache
from spinglass.figures.cache import Kept
from spinglass.figures.catalogue import PAPERS
from spinglass.running.folders import cache_folder


def test_numbers_are_computed_once(laboratory, tmp_path):
    first = figures.data("paper-1", cache=tmp_path)
    again = figures.data("paper-1", cache=tmp_path)
    assert sorted(laboratory.done) == ["a b", "c/d"]
    assert list(first) == list(again) == ["x", "a b", "c/d"]
    for key, value in first.items():
        np.testing.assert_array_equal(value, again[key], strict=True)
    assert len(figures.data("paper-1", quick=True, cache=tmp_path)["x"]) == 2  # another mode is another result
    assert len(laboratory.done) == 4
    assert not list(tmp_path.rglob("*.tmp"))


def test_without_a_cache_numbers_are_computed_again(laboratory, tmp_path, monkeypatch):
    monkeypatch.setenv("SPINGLASS_CACHE", str(tmp_path))
    for _ in range(2):
        figures.data("paper-1", cache=False)
    assert len(laboratory.done) == 4 and not list(tmp_path.iterdir())


def test_finished_parts_outlive_a_failure(laboratory, tmp_path):
    laboratory.broken = {"c/d"}
    with pytest.raises(ArithmeticError, match="c/d"):
        figures.data("paper-1", cache=tmp_path)
    assert laboratory.done == ["a b"]
    laboratory.broken = set()
    figures.data("paper-1", cache=tmp_path)
    assert laboratory.done == ["a b", "c/d"]


def test_after_an_error_no_part_is_begun(laboratory, tmp_path):
    laboratory.broken = {"a b"}
    with ThreadPoolExecutor(1) as executor, pytest.raises(ArithmeticError, match="a b"):
        figures.data("paper-1", cache=tmp_path, executor=executor)
    assert len(laboratory.done) <= 1  # the one that the free worker took before it could be dropped


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 not really", None])
def test_a_damaged_file_is_computed_again(laboratory, tmp_path, damage):
    figures.data("paper-1", cache=tmp_path)
    (file,) = tmp_path.rglob("*.npz")
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2] if damage is None else damage)
    assert figures.data("paper-1", cache=tmp_path)["a b"].tolist() == [0.5, 1.5, 2.5, 3.5]
    assert len(laboratory.done) == 4
    figures.data("paper-1", cache=tmp_path)
    assert len(laboratory.done) == 4


def test_another_version_is_another_result(laboratory, tmp_path, monkeypatch):
    figures.data("paper-1", cache=tmp_path)
    monkeypatch.setattr("spinglass.__version__", "0.0.0")
    figures.data("paper-1", cache=tmp_path)
    assert len(laboratory.done) == 4


def test_another_parameter_is_another_result(tmp_path):
    module = tmp_path / "module.py"
    keys = []
    for width in (1, 2):
        module.write_text(f"WIDTH = {width}\n\n\ndef parts(quick):\n    return {{'x': WIDTH}}\n", encoding="ascii")
        scope = {}
        exec(compile(module.read_text(encoding="ascii"), str(module), "exec"), scope)
        keys.append(Kept(tmp_path, figures.Recipe("a-1", "", scope["parts"], None), False).folder)
    assert keys[0] != keys[1]


def test_any_file_of_a_paper_with_a_folder_counts(tmp_path, monkeypatch):
    paper = tmp_path / "figures" / "paper"
    paper.mkdir(parents=True)
    for name in ("one.py", "other.py"):
        (paper / name).write_text("KAPPA = 1\n")
    monkeypatch.setattr(cache, "__file__", str(tmp_path / "figures" / "cache.py"))
    monkeypatch.setattr(cache.inspect, "getfile", lambda parts: str(paper / "one.py"))
    digests = [cache._fingerprint(figures.recipe("auffinger2013-1"))]
    for name in ("one.py", "other.py"):
        (paper / name).write_text("KAPPA = 2\n")
        digests.append(cache._fingerprint(figures.recipe("auffinger2013-1")))
    assert len(set(digests)) == 3


def test_the_cache_folder_follows_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("SPINGLASS_CACHE", str(tmp_path / "named"))
    assert cache_folder() == tmp_path / "named"
    assert cache_folder(tmp_path / "given") == tmp_path / "given"
    assert cache_folder(False) is None
    monkeypatch.delenv("SPINGLASS_CACHE")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder() == tmp_path / "xdg" / "spinglass"


def test_a_useless_cache_folder_is_refused_if_named_and_left_alone_if_not(tmp_path, monkeypatch):
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(OSError, match="cache: expected a folder"):
        cache_folder(file)
    monkeypatch.delenv("SPINGLASS_CACHE", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(file))
    assert cache_folder() is None


def test_parts_run_on_other_executors():
    chosen = figures.recipe("fyodorov2013-1")
    here = chosen.compute(True)
    with ProcessPoolExecutor(1) as executor:
        there = chosen.compute(True, executor=executor)
    assert here.keys() == there.keys() and all(np.size(value) for value in here.values()) and here
    for key, value in here.items():
        np.testing.assert_array_equal(value, there[key])


def test_a_table_holds_every_number(tmp_path):
    numbers = {"scalar": np.float64(0.1), "curve": np.array([1.5, -np.inf]), "grid": np.eye(2)}
    with figures.Table(tmp_path / "out.csv") as table:
        table.add("paper-1", numbers)
    with (tmp_path / "out.csv").open(encoding="ascii", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["figure", "key", "i", "j", "k", "value"]
    assert rows[1:4] == [
        ["paper-1", "scalar", "", "", "", "0.1"],
        ["paper-1", "curve", "0", "", "", "1.5"],
        ["paper-1", "curve", "1", "", "", "-inf"],
    ]
    assert len(rows) == 1 + 1 + 2 + 4 and rows[-1] == ["paper-1", "grid", "1", "1", "", "1.0"]


def test_a_table_that_cannot_be_written_is_refused(tmp_path):
    with pytest.raises(OSError, match="data: expected a file"):
        figures.Table(tmp_path / "no" / "such" / "folder.csv")


# -- command line --------------------------------------------------------------------------------------------------


def test_the_command_draws_writes_numbers_and_keeps_them(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SPINGLASS_CACHE", str(tmp_path / "cache"))
    words = ["figures", "auffinger2013-2", "--quick", "--out", str(tmp_path / "out")]
    assert main([*words, "--data", str(tmp_path / "out.csv")]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "out" / "auffinger2013-2.png")
    with (tmp_path / "out.csv").open(encoding="ascii", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["key"] == "E_0"]
    assert float(rows[0]["value"]) == pytest.approx(1.65699836352747325, abs=1e-14)
    (kept,) = (tmp_path / "cache").rglob("*.npz")
    before = kept.stat().st_mtime_ns
    assert main(words) == 0 and main([*words, "--no-cache"]) == 0
    assert kept.stat().st_mtime_ns == before


@pytest.mark.parametrize("where", ["--out", "--data"])
def test_the_command_refuses_places_it_cannot_write_before_any_computation(tmp_path, monkeypatch, capsys, where):
    monkeypatch.setattr(figures, "data", lambda *_, **__: pytest.fail("computed"))
    file = tmp_path / "file"
    file.write_text("")
    words = ["figures", "auffinger2013-1", "--out", str(tmp_path), where, str(file / "inside")]
    assert main(words) == 2
    error = capsys.readouterr().err
    assert "expected a f" in error and error.count("\n") == 1


def test_a_stopped_command_says_what_is_kept(tmp_path, monkeypatch, capsys):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(figures, "data", stopped)
    assert main(["figures", "auffinger2013-1", "--out", str(tmp_path)]) == 130
    assert "finished parts are kept" in capsys.readouterr().err


# -- names ---------------------------------------------------------------------------------------------------------


def test_every_paper_has_recipes_of_its_name_listed_once():
    for paper in PAPERS:
        found = figures.names(paper)
        assert found and all(name.rsplit("-", 1)[0] == paper for name in found)
    assert len(set(figures.names())) == len(figures.names())
    assert figures.names("auffinger2013-2", "auffinger2013")[0] == "auffinger2013-2"
    assert len(figures.names("auffinger2013-2", "auffinger2013")) == len(figures.names("auffinger2013"))


@pytest.mark.parametrize("name", figures.names())
def test_every_recipe_says_what_it_shows(name):
    one = figures.recipe(name)
    for words in (one.claim, one.parameters):
        assert len(words) > 30 and words.endswith("."), words
    for words in (one.claim, one.parameters, one.published, one.differs):
        assert words.count("$") % 2 == 0 and "  " not in words and "\n" not in words
        assert not words or words[-1] == "."
        for formula in words.split("$")[1::2]:
            assert formula.strip() and formula.count("{") == formula.count("}")


@pytest.mark.parametrize("wrong", ["aufinger2013", "auffinger2013-99", "auffinger2013-"])
def test_a_wrong_name_lists_close_matches(wrong):
    with pytest.raises(ValueError, match=r"did you mean .*auffinger2013"):
        figures.names(wrong)
    with pytest.raises(ValueError, match="no figure or paper is called"):
        figures.data(wrong)


def test_one_figure_is_not_a_paper():
    with pytest.raises(ValueError, match="expected the name of one figure"):
        figures.recipe("auffinger2013")


def test_one_figure_imports_no_other_paper():
    code = (
        "import sys; from spinglass import figures; figures.recipe('auffinger2013-1');"
        "print([m for m in sys.modules if m.startswith('spinglass.figures.') and m[18:].split('.')[0] not in "
        "('catalogue', 'recipe', 'results', 'cache', 'layout', 'families', 'auffinger2013')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unwritable_folder_is_refused_before_any_computation(laboratory, tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(OSError, match="out: expected a folder"):
        figures.draw_figure("paper-1", file / "inside", quick=True, cache=False)
    assert laboratory.done == []
