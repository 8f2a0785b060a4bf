"""What every step of a derivation can do: say its formulas in LaTeX, and show itself in a notebook."""

from __future__ import annotations

from typing import Any

from spinglass.symbolic.decimals import written_binary
from spinglass.symbolic.printing import write


class Step:
    """A step of a derivation: an ordered list of statements ``left-hand side = expression``."""

    def statements(self) -> list[tuple[str, Any]]:
        """Return pairs of a left-hand side in LaTeX and an expression; an empty left-hand side for an equation."""
        raise NotImplementedError

    def formulas(self) -> list[str]:
        """Return one LaTeX formula per statement, without dollars."""
        return [formula(left, right) for left, right in self.statements()]

    def _repr_markdown_(self):
        return "\n\n".join(f"$${formula}$$" for formula in self.formulas())


def formula(left, right, write=write):
    """Return the LaTeX of one statement; fractions that floats have left are written with the digits of a float."""
    right = write(written_binary(right))
    return f"{left} = {right}" if left else right
