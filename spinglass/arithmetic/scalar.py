"""What the arithmetics of single values (not arrays) have in common."""

from spinglass.arithmetic.exclusive import exclusive


class Scalar:
    """Branches and precision of an arithmetic whose values come one at a time."""

    def precision(self):
        """Compute alone for a block: what keeps digits is shared by all threads."""
        return exclusive()

    def result(self, x):
        """Return a value as it is handed to the user."""
        return x

    def positive(self, x):
        """Tell whether x > 0 (for a symbol: the relation)."""
        return x > 0

    def where(self, condition, value, otherwise):
        """Return ``value(None)`` if the condition holds, else ``otherwise``."""
        return value(None) if condition else otherwise

    def select(self, x, condition):
        """Return x: there is only one element."""
        return x
