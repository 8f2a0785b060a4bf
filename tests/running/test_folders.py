"""Where things are kept, on each system."""

import sys
from pathlib import Path

import pytest

from spinglass.running.folders import cache_folder, platform_folder
from spinglass.running.kernel_cache import kept_in, places


@pytest.mark.parametrize(
    ("system", "variables", "expected"),
    [
        ("linux", {"HOME": "/home/ada"}, "/home/ada/.cache/spinglass"),
        ("linux", {"HOME": "/home/ada", "XDG_CACHE_HOME": "/scratch"}, "/scratch/spinglass"),
        ("darwin", {"HOME": "/Users/ada"}, "/Users/ada/Library/Caches/spinglass"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/spinglass"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="paths of the others")
def test_the_platforms_folder(monkeypatch, system, variables, expected):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(sys, "platform", system)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert platform_folder() == Path(expected)


def test_figures_and_compiled_functions_share_a_folder(monkeypatch, tmp_path):
    monkeypatch.setattr("numba.config.CACHE_DIR", "")
    monkeypatch.setenv("SPINGLASS_CACHE", str(tmp_path / "named"))
    assert cache_folder() == tmp_path / "named"
    assert places()[0] == tmp_path / "named" / "kernels" == kept_in()


def test_a_useless_folder_stops_figures_and_no_compilation(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setattr("numba.config.CACHE_DIR", str(tmp_path / "file" / "numba"))
    monkeypatch.setenv("SPINGLASS_CACHE", str(tmp_path / "file" / "below"))
    with pytest.raises(OSError, match="cache: expected a folder"):
        cache_folder()
    monkeypatch.setattr("spinglass.running.kernel_cache.PACKAGE", tmp_path / "file")
    assert kept_in() is None
