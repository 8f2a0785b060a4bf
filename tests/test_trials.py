"""The programs of trials/: questions of users, each asked and answered with public names only, and each with a check.

They were written from the pages of the documentation alone; a change that breaks one breaks somebody's first hour.
"""

import ast
import runpy
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

PROGRAMS = sorted((Path(__file__).parent / "trials").glob("*.py"))

each = pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)


def test_there_are_programs_of_four_kinds_of_users():
    assert len(PROGRAMS) >= 25


@each
def test_program_asks_a_question_and_checks_its_answer(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree).endswith("?")
    assert any(isinstance(node, ast.Assert) for node in ast.walk(tree))
    roots = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not [module for module in roots if module and module.startswith("spinglass")]  # sg.* is all they need


@each
def test_program_runs_and_prints_its_answer(path, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    plt.switch_backend("agg")
    try:
        runpy.run_path(str(path), run_name="__main__")
    finally:
        plt.close("all")
    assert capsys.readouterr().out.strip()
