"""Links in code, block by block: sphinx_codeautolink by itself parses, and writes anew, the whole of every page."""

import re

from sphinx_codeautolink import extension

BLOCK = re.compile(
    r'<div class="(?:doctest )?highlight-[\w-]+ notranslate"><div class="highlight"><pre>.*?</pre></div>\s*</div>', re.S
)
CUT = "\n<!-- next block -->\n"


def blocks_only(link):
    """Return a function that links names in a page as the given one does, which sees only blocks of code."""

    def linked(document, html, *args, **kwargs):
        blocks = iter(link(document, CUT.join(BLOCK.findall(html)), *args, **kwargs).split(CUT))
        return BLOCK.sub(lambda _: next(blocks), html)

    return linked


def setup(app):
    """Replace the function of the extension."""
    extension.link_html = blocks_only(extension.link_html)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
