"""No cache of the package grows without end."""

import ast
import importlib
import inspect
import math
import pkgutil
import threading
from pathlib import Path

import pytest

import spinglass
from spinglass.running.remembered import remembered

PACKAGE = Path(spinglass.__file__).parent
MODULES = sorted(info.name for info in pkgutil.walk_packages([str(PACKAGE)], "spinglass."))
CONTAINERS = {"dict", "list", "set", "OrderedDict", "defaultdict", "deque"}


def caches():
    """Yield the name and the bound of everything with ``cache_parameters`` in all modules and their classes."""
    for name in MODULES:
        module = importlib.import_module(name)
        classes = [x for x in vars(module).values() if inspect.isclass(x) and x.__module__ == name]
        for owner in (module, *classes):
            for key, value in vars(owner).items():
                if hasattr(value, "cache_parameters") and getattr(value, "__module__", "") == name:
                    yield f"{name}.{key}", value.cache_parameters()["maxsize"]


def test_every_cache_has_a_finite_bound():
    found = dict(caches())
    assert len(found) >= 15
    assert [name for name, bound in found.items() if bound is None or not 0 < bound < math.inf] == []


def test_no_module_begins_with_an_empty_container_that_could_serve_as_a_cache():
    found = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            value = getattr(node, "value", None) if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
            empty = isinstance(value, (ast.Dict, ast.List)) and not ast.unparse(value).strip("{}[]")
            called = isinstance(value, ast.Call) and ast.unparse(value.func).split(".")[-1] in CONTAINERS
            if empty or (called and not value.args):
                found.append(f"{path.relative_to(PACKAGE)}:{node.lineno}")
    assert found == []


def test_the_least_recently_used_results_go_first_and_the_weight_stays_below_its_bound():
    calls = []

    @remembered(10, weight=lambda result, n: n)
    def work(n):
        calls.append(n)
        return object()

    first = work(4)
    assert work(6) is work(6)
    assert work(4) is first
    work(3)  # 6, not 4, was used least recently
    assert work(4) is first
    assert calls == [4, 6, 3]
    assert work.cache_weight() == 7
    assert work(50) is work(50)  # heavier than all: kept alone
    assert work.cache_weight() == 50
    work(1)
    assert work.cache_weight() == 1
    work.cache_clear()
    assert work.cache_weight() == 0


def test_threads_keep_one_result_and_its_weight_once():
    ready = threading.Barrier(4, timeout=30)

    @remembered(10, weight=lambda result, n: n)
    def work(n):
        ready.wait()
        return object()

    threads = [threading.Thread(target=work, args=(3,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert work.cache_weight() == 3


def test_a_key_stands_for_arguments_that_are_not_kept():
    @remembered(10, weight=lambda *_: 1, key=lambda word: word.lower())
    def work(word):
        return [word]

    assert work("A") is work("a")


@pytest.mark.parametrize(
    "name", ["spinglass.landscape.solutions.monodromy.solved_member", "spinglass.landscape.family.family.family_of"]
)
def test_what_is_large_is_kept_by_weight(name):
    module, function = name.rsplit(".", 1)
    assert hasattr(getattr(importlib.import_module(module), function), "cache_weight")
