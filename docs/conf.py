"""The site: ``python -m sphinx -W -b html docs docs/_build/html`` after ``pip install -e ".[docs]"``."""

import os
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_ext"))

import links  # noqa: E402

import notebooks  # noqa: E402

project = "spinglass"
author = "spinglass developers"
copyright = author
release = re.search(r'__version__ = "(.+)"', (HERE.parent / "spinglass/__init__.py").read_text())[1]
version = release

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.viewcode",
    "sphinx.ext.mathjax",
    "sphinx-mathjax-offline",
    "matplotlib.sphinxext.plot_directive",
    "numpydoc",
    "myst_nb",
    "sphinx_codeautolink",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinxcontrib.bibtex",
    "docstrings",  # these eight are in _ext/
    "code_links",
    "kernels",
    "notebooks",
    "gallery",
    "explorer",
    "reference",
    "sidebar",
]
source_suffix = {".rst": "restructuredtext", ".md": "myst-nb", ".ipynb": "myst-nb"}
exclude_patterns = ["_build", "_ext", "_templates", "jupyter_execute"]
templates_path = ["_templates"]
nitpicky = False

html_theme = "furo"
html_title = f"spinglass {version}"
html_static_path = ["_static"]
html_css_files = ["spinglass.css"]
html_show_sphinx = False
html_copy_source = False
html_show_sourcelink = False
pygments_style = "tango"
# Where the sources are published, an address: every page then links to it.  The code is on pages of the site anyway.
repository = os.environ.get("SPINGLASS_REPOSITORY", "")
if repository:
    html_theme_options = {"footer_icons": [{"name": "Repository", "url": repository, "html": "Repository"}]}

# Formulas by MathJax from a copy in the site: nothing is loaded from the network, and they look alike for all readers,
# which MathML, in the fonts that a reader happens to have, does not.
mathjax_path = "mathjax/tex-chtml.js"
mathjax3_config = {"options": {"enableMenu": False}}
numfig = True
math_numfig = True

autodoc_member_order = "bysource"
autodoc_typehints = "none"
autosummary_generate = True
autosummary_context = {"formulas": links.formulas(), "uses": links.uses()}
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False
numpydoc_xref_param_type = False

plot_formats = [("png", 110)]
plot_html_show_formats = False
plot_html_show_source_link = False
plot_include_source = True
plot_rcparams = {"figure.figsize": (6, 4)}

myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "dollarmath"]
myst_heading_anchors = 3
os.environ["SPINGLASS_QUIET"] = "1"  # pages do not tell that functions were compiled
nb_execution_mode = "cache"
nb_execution_cache_path = str(notebooks.cache_folder())
nb_execution_timeout = 120
nb_execution_raise_on_error = True
nb_merge_streams = True
nb_render_markdown_format = "myst"
nb_ipywidgets_js = {}
nb_mime_priority_overrides = [("html", "text/latex", None)]

codeautolink_concat_default = True  # a page imports once
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

bibtex_bibfiles = ["../spinglass/references.bib", "books.bib"]
bibtex_default_style = "unsrt"
bibtex_reference_style = "author_year"

# the notebooks' headings are theirs
suppress_warnings = ["myst.header"]
