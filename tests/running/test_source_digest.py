"""What a module depends on is found in its text, all of it."""

import importlib.util
from pathlib import Path

import pytest

from spinglass.running.source_digest import PACKAGE, closure, imported, source_digest


def layers():
    path = Path(__file__).parents[1] / "test_layers.py"
    spec = importlib.util.spec_from_file_location("spinglass_layers", path)
    spec.loader.exec_module(module := importlib.util.module_from_spec(spec))
    return module


KERNELS = sorted(path for path in PACKAGE.rglob("*.py") if "spinglass.running.compiled import" in path.read_text())


def test_imports_are_those_that_python_sees():
    seen = layers()
    for file in seen.FILES:
        path = PACKAGE / file
        found = {other.as_posix() for other in imported(path)} - {"__init__.py"}
        inside = [name for name in seen.imports_of(file) if name.startswith("spinglass.")]
        missing = {seen.file_of(name) for name in inside} - found - {None}
        assert not missing, f"{file} imports {missing} in a way that the digest does not see"


@pytest.mark.parametrize("path", KERNELS, ids=[path.stem for path in KERNELS])
def test_whatever_a_compiled_function_calls_is_in_the_closure(path):
    files = {file.as_posix() for file in closure(path)}
    assert path.relative_to(PACKAGE).as_posix() in files and "running/compiled.py" in files
    assert not [file for file in files if file.startswith(("figures/", "plotting/", "command_line/"))]


def test_parts_of_other_modules_count():
    files = {file.as_posix() for file in closure(PACKAGE / "complexity" / "games" / "maximise.py")}
    assert {"complexity/games/climb.py", "spectra/dyson/log_determinant.py", "spectra/dyson/psi.py"} <= files


def test_the_digest_is_that_of_the_texts(tmp_path):
    for name, text in {"a": "from spinglass.b import (\n    c,\n)\n", "b": "x = 1\n", "c": "y = 1\n"}.items():
        (tmp_path / f"{name}.py").write_text(text)

    def digest():
        from spinglass.running import source_digest as module

        module._bytes.cache_clear()
        return source_digest.__wrapped__(tmp_path / "a.py", tmp_path)

    first = digest()
    assert digest() == first
    (tmp_path / "c.py").write_text("y = 2\n")
    assert digest() == first
    (tmp_path / "b.py").write_text("x = 2\n")
    assert digest() != first
