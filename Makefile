PYTHON ?= python3

.PHONY: check test bench docs clean

# What a change has to pass; needs pip install -e ".[dev]".
check:
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(PYTHON) -m pytest -n 2 --dist loadfile

test:
	$(PYTHON) -m pytest -n 2 --dist loadfile

bench:
	$(PYTHON) -m pytest benchmarks

docs:
	$(PYTHON) -m sphinx -W -b html docs docs/_build/html

# Compiled kernels are cached beside their source, and numba does not notice a change in a function of another
# module: run this after editing a kernel.
clean:
	find spinglass tests benchmarks \( -name '*.nbi' -o -name '*.nbc' \) -delete
