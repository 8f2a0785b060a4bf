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

# What is built.  Compiled functions need no cleaning: they are kept by the text they are made of.
clean:
	rm -rf build dist docs/_build
	find spinglass tests benchmarks \( -name '*.nbi' -o -name '*.nbc' \) -delete
