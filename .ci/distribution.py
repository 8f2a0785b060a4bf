"""The build backend: that of setuptools, with a description whose pictures and links lead to the documentation.

On an index of packages the README stands alone: its relative links, right in the repository, lead nowhere there.
"""

import re

from setuptools import build_meta
from setuptools.build_meta import *  # noqa: F403
from setuptools.dist import Distribution

__all__ = build_meta.__all__

SITE = "https://spinglass.readthedocs.io/en/latest/"

#: Code of Markdown, or a picture or a link whose target is relative: the mark of a picture, the text, the target.
RELATIVE = re.compile(r"```.*?```|`[^`]*`|(!?)\[([^\]]*)\]\((?![a-z]+:|#)([^)\s]+)\)", re.S)

PAGES = {"CHANGELOG.md": "changelog.html", "CONTRIBUTING.md": "contributing.html"}


def absolute(text):
    """Return Markdown with absolute links: pictures and pages of the site; what it has no page for is left as text."""
    return RELATIVE.sub(_absolute, text)


def _absolute(found):
    picture, text, target = found.groups()
    if target is None:
        return found[0]
    path, _, place = target.partition("#")
    place = f"#{place}" if place else ""
    if picture:
        return f"![{text}]({SITE}_images/{path.rpartition('/')[2]})"
    if path in PAGES:
        return f"[{text}]({SITE}{PAGES[path]}{place})"
    if path.startswith("docs/") and path.endswith(".md"):
        return f"[{text}]({SITE}{path.removeprefix('docs/').removesuffix('.md')}.html{place})"
    return text


Metadata = type(Distribution().metadata)
_written = Metadata.get_long_description
Metadata.get_long_description = lambda self: absolute(_written(self) or "")
