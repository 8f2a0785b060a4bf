"""The site: ``python -m sphinx -W -b html docs docs/_build/html`` after ``pip install -e ".[docs]"``."""

import os
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_ext"))
os.environ["SPINGLASS_QUIET"] = "1"  # no word of compilation among the outputs of notebooks

project = "spinglass"
author = "spinglass developers"
copyright = author
release = re.search(r'__version__ = "(.+)"', (HERE.parent / "spinglass/__init__.py").read_text())[1]
version = release

extensions = [
    "sphinx.ext.autodoc",
    "numpydoc",
    "myst_parser",
    "mathml",  # _ext/mathml.py
    "docstrings",  # _ext/docstrings.py
    "reference",  # _ext/reference.py
    "notebooks",  # _ext/notebooks.py
    "explorer",  # _ext/explorer.py
]
exclude_patterns = ["_build", "_ext"]
nitpicky = False

html_theme = "furo"
html_title = "spinglass"
html_math_renderer = "mathml"
html_static_path = ["_static"]
html_css_files = ["spinglass.css"]
html_show_sphinx = False
html_copy_source = False
html_show_sourcelink = False
pygments_style = "tango"

autodoc_member_order = "bysource"
autodoc_typehints = "none"
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False
numpydoc_xref_param_type = False

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
# the notebooks' headings are theirs
suppress_warnings = ["myst.header"]
