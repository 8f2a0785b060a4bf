"""The list of pages beside the reference: on its hundreds of pages only the branch that the reader is in.

Written out on all of them, the whole list takes most of the time of a build and half the weight of a page.
"""

LONG = ("reference/", "_modules/")


def shorten(app, pagename, templatename, context, doctree):
    """Let the theme, whose handler comes later, ask for a list with the other branches closed."""
    if pagename.startswith(LONG) and "toctree" in context:
        whole = context["toctree"]
        context["toctree"] = lambda **options: whole(**(options | {"collapse": True}))


def setup(app):
    """Register the step before that of the theme."""
    app.connect("html-page-context", shorten, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
