"""The list of pages beside a page: chapters with their pages; of the reference's objects those of the room one is in.

On the hundreds of pages of the reference other chapters stay closed.  Sphinx, which lists all pages for each of them
anew, takes a fifth of the time of a build for it.
"""

from functools import cache
from html import escape

from sphinx import addnodes

LONG = ("reference/", "_modules/")


class Pages:
    """The tree of pages of a site that has been read."""

    def __init__(self, app):
        self.app, self.env = app, app.env
        self.chapters = list(self.env.tocs[self.env.config.root_doc].findall(addnodes.toctree))
        self.parents = {child: doc for doc, below in self.env.toctree_includes.items() for child in below}
        self.title = cache(self.title)

    def title(self, doc):
        """Return the title of a page, with the number of its section if it has one."""
        number = self.env.toc_secnumbers.get(doc, {}).get("", ())
        words = self.app.builder.render_partial(self.env.titles[doc])["title"]
        return f"{'.'.join(map(str, number))}. {words}" if number else words

    def branch(self, page):
        """Return a page and those above it."""
        while page is not None:
            yield page
            page = self.parents.get(page)

    def beside(self, page):
        """Return the list beside a page, as HTML of the kind that Sphinx makes."""
        branch, parts = set(self.branch(page)), []
        for chapter in self.chapters:
            parts.append(
                f'<p class="caption" role="heading"><span class="caption-text">{chapter["caption"]}</span></p>\n'
            )
            parts.append(self.entries(page, branch, chapter["includefiles"], 1))
        return "".join(parts)

    def entries(self, page, branch, docs, level):
        """Return the list of some pages and what is open below them."""
        lines = []
        for doc in docs:
            current = "current " if doc in branch else ""
            address = "#" if doc == page else escape(self.app.builder.get_relative_uri(page, doc))
            below = self.env.toctree_includes.get(doc, ())
            shown = below and (current or (level == 1 and not page.startswith(LONG)))
            inner = self.entries(page, branch, below, level + 1) if shown else ""
            link = f'<a class="{current}reference internal" href="{address}">{self.title(doc)}</a>'
            lines.append(f'<li class="{current}toctree-l{level}">{link}{inner}</li>\n')
        return f"<ul>\n{''.join(lines)}</ul>\n"


def shorten(app, pagename, templatename, context, doctree):
    """Let the theme, whose handler comes later, ask for this list."""
    if "toctree" in context:
        if not hasattr(app, "pages_beside"):
            app.pages_beside = Pages(app)
        context["toctree"] = lambda **options: app.pages_beside.beside(pagename)


def setup(app):
    """Register the step before that of the theme."""
    app.connect("html-page-context", shorten, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
