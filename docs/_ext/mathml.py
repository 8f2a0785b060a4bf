"""Formulas as MathML, written when the pages are built: no JavaScript and nothing to download while reading.

The conversion is docutils' own; a command it does not know is a warning, and so an error with ``sphinx -W``.
"""

import re

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

logger = logging.getLogger(__name__)

#: What TeX reads otherwise than docutils: one digit at a time as an argument, primes as superscripts, and a few names.
READINGS = (
    (r"(\\[dt]?(?:frac|binom)|\\sqrt|[_^]) ?(\d)", r"\1{\2}"),
    (r"(\\[dt]?(?:frac|binom) ?(?:\{[^{}]*\}|[a-zA-Z]|\\[a-zA-Z]+)) ?(\d)", r"\1{\2}"),
    (r"\\dots(?![a-z])", r"\\ldots"),
    (r"\\(?:big|Big|bigg|Bigg)[lr]?(?=[/|])", ""),
    (r"\\(big|Big|bigg|Bigg) ?(\(|\[|\\\{)", r"\\\1l\2"),
    (r"\\(big|Big|bigg|Bigg) ?(\)|\]|\\\})", r"\\\1r\2"),
    # braces that do not grow: docutils stretches all, so others stand in for them until MARKS
    (r"(?<!left)(?<!right)(?<!big[lr])(?<!Big[lr])(?<!bigg[lr])(?<!Bigg[lr])\\\{", r"\\lmoustache "),
    (r"(?<!left)(?<!right)(?<!big[lr])(?<!Big[lr])(?<!bigg[lr])(?<!Bigg[lr])\\\}", r"\\rmoustache "),
    (r"('+)", lambda match: "^{" + r"\prime" * len(match[1]) + "}"),
)


#: What browsers want to know about delimiters and primes.
MARKS = (
    ("<mi>\u23b0</mi>", '<mo stretchy="false">{</mo>'),
    ("<mi>\u23b1</mi>", '<mo stretchy="false">}</mo>'),
    ('<mo stretchy="false">|</mo>', '<mo stretchy="false" lspace="0" rspace="0">|</mo>'),
    ("<mrow><mi>\u2032</mi><mi>\u2032</mi></mrow>", "<mo>\u2033</mo>"),
    ("<mi>\u2032</mi>", "<mo>\u2032</mo>"),
)


#: A function and its argument stand apart, unless a bracket stands between.
APPLIED = r"<mo>&ApplyFunction;</mo>(?!(?:<mrow>)?<mo[^>]*>[(\[{|])"
PRIMED = r"<msup>(<mi>[^<]*</mi>)<mo>([\u2032\u2033])</mo></msup>"
RAISED = r'<mrow>\1<mo lspace="0" rspace="0">\2</mo></mrow>'  # the sign is high and small by itself
THIN = '<mspace width="0.1667em"></mspace>'


def read(tex):
    """Return a formula in the words of docutils; texts inside it stay as they are."""
    parts = re.split(r"(\\(?:text|mathrm|operatorname)\{[^{}]*\})", tex)
    for pattern, replacement in READINGS:
        parts[::2] = [re.sub(pattern, replacement, part) for part in parts[::2]]
    return "".join(parts)


def mathml(tex, block=False):
    """Return a formula as MathML.

    Raises
    ------
    MathError
        If there is a command in it that has no translation.
    """
    # white space outside <mtext> means nothing in MathML, but much of it makes pages long
    markup = re.sub(r">\n\s*<", "><", tex2mathml(read(tex), as_block=block))
    for mark, wanted in MARKS:
        markup = markup.replace(mark, wanted)
    return re.sub(PRIMED, RAISED, re.sub(APPLIED, THIN, markup))


def converted(translator, node, block):
    """Return the MathML of one node, or its source in a box with a warning."""
    tex = node.astext()
    parts = [part for part in re.split(r"\n\s*\n", tex) if part.strip()] if block else [tex]
    try:
        return "".join(mathml(" ".join(part.split()), block) for part in parts)
    except (MathError, AssertionError) as error:
        logger.warning("math: %s in %r", error, tex, location=node)
        return f"<code>{translator.encode(tex)}</code>"


def visit_math(self, node):
    """Write an inline formula."""
    self.body.append(f'<span class="math">{converted(self, node, False)}</span>')
    raise nodes.SkipNode


def visit_math_block(self, node):
    """Write a displayed formula, with its number if it has a label."""
    self.body.append(self.starttag(node, "div", CLASS="math-block"))
    self.body.append(converted(self, node, True))
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app):
    """Register the renderer; choose it by ``html_math_renderer = "mathml"``."""
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_math_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
