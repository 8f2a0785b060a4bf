"""What the README shows is true: its Python examples run, its two shell blocks name what exists."""

import doctest
import re
from pathlib import Path

import pytest

README = Path(__file__).parents[1] / "README.md"


def blocks(language):
    """Return the fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README.read_text(), re.M | re.S)


def test_python_examples_run():
    result = doctest.testfile(str(README), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.attempted > 20
    assert result.failed == 0


def test_first_block_does_the_main_job_and_second_runs_the_tests():
    first, second = blocks("sh")
    assert "-m spinglass figures" in first and "-m spinglass thresholds" in first
    assert "-m pytest" in second.strip().splitlines()[-1]


@pytest.mark.parametrize("line", [line for line in blocks("sh")[0].splitlines() if "-m spinglass" in line])
def test_command_lines_are_understood(line):
    from spinglass.command_line.program import parser

    words = line.split("-m spinglass ")[1].split()
    assert parser().parse_args(words).command == words[0]


def test_pictures_and_links_exist():
    targets = re.findall(r"\]\(([^)#:]+)\)", README.read_text())
    assert len(targets) > 4
    for target in targets:
        assert (README.parent / target).exists(), target
