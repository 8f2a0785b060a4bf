"""The benchmarks are not run here; their table, their comparison with the reference and their page are."""

import ast
import json
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "benchmarks"


@pytest.fixture
def table(monkeypatch):
    monkeypatch.syspath_prepend(ROOT)
    from benchmarks import table

    yield table
    for name in [name for name in sys.modules if name.split(".")[0] == "benchmarks"]:
        del sys.modules[name]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("test_*.py")), ids=lambda path: path.stem)
def test_a_file_begins_with_its_question(path):
    first = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))).split("\n\n")[0]
    assert first.endswith("?")


def test_a_row_knows_its_limits(table):
    row = table.Row("q", "1", ours=2.0, baseline=6.0, against="b", most=4.0, least=2.0)
    assert (row.ratio, row.used) == (3.0, pytest.approx(2 / 3))
    assert row.cells()[2:] == ("2 s", "6 s", "b", "3 x faster", "4 s, 2 x faster", "66.7 %")
    assert table.Row("q", "1", 2e8, 1e8, "b", unit="B").cells()[2:6] == ("200 MB", "100 MB", "b", "2 x larger")


def test_a_ratio_is_worse_beyond_a_factor(table, tmp_path):
    rows = [table.Row(name, "1", ours=1.0, baseline=3.0, against="b") for name in ("as before", "worse", "new")]
    reference = tmp_path / "reference.json"
    reference.write_text(json.dumps({rows[0].name: 4.4, rows[1].name: 4.6}))
    assert [line.split(" | ")[0] for line in table.worse_than_reference(rows, reference)] == ["worse"]
    table.keep_reference(rows[1:], reference)
    assert json.loads(reference.read_text()) == {row.name: 3.0 for row in rows[1:]} | {rows[0].name: 4.4}
    assert table.worse_than_reference(rows, reference) == []


def test_rows_survive_a_file(table, tmp_path):
    rows = [table.Row("q", "1", ours=2.0, baseline=6.0, against="b", least=2.0)]
    table.saved(rows, tmp_path / "rows.json")
    assert table.loaded(tmp_path / "rows.json") == rows


def test_tables_of_the_page_can_be_written_anew(table, tmp_path):
    page = tmp_path / "README.md"
    page.write_text((FOLDER / "README.md").read_text(encoding="utf-8"), encoding="utf-8")
    names = re.findall(r"<!-- begin (\w+) -->", page.read_text(encoding="utf-8"))
    assert names == ["machine", "questions", "limits", "neighbours", "growth", "plans"]
    for name in names:
        table.rewrite(name, table.markdown(("a", name), [("1|2", r"\n")]), page)
        assert f"<!-- begin {name} -->\n| a | {name} |\n| --- | --- |\n| 1\\|2 | \\n |\n<!-- end {name} -->" in (
            page.read_text(encoding="utf-8")
        )
    with pytest.raises(ValueError, match="expected the markers"):
        table.rewrite("nothing", "", page)
