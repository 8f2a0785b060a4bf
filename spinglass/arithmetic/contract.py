"""What an arithmetic owes: the one contract that float64, digits, balls and symbols keep.

A formula takes an arithmetic as an argument and asks it for what stands here: numbers and constants, elementary and
special functions, nodes of quadrature, branches, and four predicates.  It never asks which arithmetic it holds.  An
arithmetic of your own is a subclass of :class:`Arithmetic`, or of :class:`~spinglass.arithmetic.scalar.Scalar` if its
values come one at a time.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Numbers


class Arithmetic(ABC):
    """A number system that formulas can be evaluated in.

    Attributes
    ----------
    name : str
        For messages only.
    vectorised : bool
        Whether numbers are floats of the machine, and functions take and return numpy arrays of them.
    has_digits : bool
        Whether the number of digits is chosen: then there are ``digits``, ``bits`` and ``of(digits)``.
    proves : bool
        Whether numbers enclose the exact value: a comparison that they do not decide is neither true nor false.
    exact : bool
        Whether numbers are the exact values, known or as symbols.
    dtype : type
        Of a numpy array that holds numbers.
    digits, bits : int
        Decimal digits of results and bits of the working precision, where they are chosen.

    Examples
    --------
    >>> import spinglass as sg
    >>> [ar.name for ar in (sg.float64, sg.mp(30), sg.balls(30), sg.symbols) if ar.proves]
    ['balls(30)']
    """

    name: str
    vectorised: bool = False
    has_digits: bool = False
    proves: bool = False
    exact: bool = False
    dtype: type = object
    digits: int
    bits: int

    def __repr__(self) -> str:
        return f"sg.{self.name}"

    # -- numbers -----------------------------------------------------------------------------------------------------

    @abstractmethod
    def number(self, x: Any) -> Numbers:
        """Convert a real number as exactly as the arithmetic can; TypeError for anything else."""

    @property
    @abstractmethod
    def pi(self) -> Numbers:
        """The circle constant."""

    @property
    @abstractmethod
    def infinity(self) -> Numbers:
        """Plus infinity."""

    @property
    @abstractmethod
    def epsilon(self) -> Numbers:
        """The relative size below which a difference is rounding; 0 where nothing is rounded unseen."""

    @abstractmethod
    def is_infinite(self, x: Numbers) -> Any:
        """Tell whether a number is plus or minus infinity."""

    @abstractmethod
    def result(self, x: Numbers) -> Any:
        """Return a value as it is handed to the user."""

    @abstractmethod
    def precision(self) -> AbstractContextManager[None]:
        """Return the block in which all of this is to be called."""

    def of(self, digits: int) -> Arithmetic:
        """Return the arithmetic of this kind with another number of digits: one object each, so that caches hit."""
        self._missing("another number of digits", "sg.mp(digits)")

    # -- branches ----------------------------------------------------------------------------------------------------

    @abstractmethod
    def positive(self, x: Numbers) -> Any:
        """Tell where x > 0 (for a symbol: the relation); ArithmeticError where an enclosure does not decide it."""

    @abstractmethod
    def where(self, condition: Any, value: Callable[[Any], Numbers], otherwise: Numbers) -> Numbers:
        """Return ``value(on)`` where the condition holds, else ``otherwise``; ``on`` is for :meth:`select`."""

    @abstractmethod
    def select(self, x: Numbers, condition: Any) -> Numbers:
        """Return the elements of x where a condition holds."""

    @abstractmethod
    def least(self, x: Numbers, y: Numbers) -> Numbers:
        """Return the smaller of two numbers."""

    # -- functions of exact numbers (integers and fractions) ---------------------------------------------------------

    @abstractmethod
    def logarithm(self, x: Fraction) -> Numbers:
        """Return the logarithm of a positive number of any size, with all digits also next to 1."""

    @abstractmethod
    def over_root(self, a: Fraction, b: Fraction) -> tuple[Numbers, Numbers]:
        """Return a/sqrt(b), b > 0, and what its rounding takes off it."""

    # -- elementary functions ----------------------------------------------------------------------------------------

    @abstractmethod
    def sqrt(self, x: Numbers) -> Numbers:
        """Return the square root."""

    @abstractmethod
    def hypot(self, x: Numbers, y: Numbers) -> Numbers:
        """Return sqrt(x^2 + y^2), in float64 also where the squares overflow."""

    @abstractmethod
    def exp(self, x: Numbers) -> Numbers:
        """Return the exponential."""

    @abstractmethod
    def log(self, x: Numbers) -> Numbers:
        """Return the natural logarithm."""

    @abstractmethod
    def log1p(self, x: Numbers) -> Numbers:
        """Return log(1 + x), with all digits also for small x."""

    @abstractmethod
    def sin(self, x: Numbers) -> Numbers:
        """Return the sine."""

    @abstractmethod
    def cos(self, x: Numbers) -> Numbers:
        """Return the cosine."""

    # -- special functions -------------------------------------------------------------------------------------------

    @abstractmethod
    def erf(self, x: Numbers) -> Numbers:
        r"""Return the error function, :math:`\frac{2}{\sqrt\pi}\int_0^x e^{-t^2}dt`."""

    @abstractmethod
    def erfc(self, x: Numbers) -> Numbers:
        """Return 1 - erf(x), with all digits also for large x."""

    @abstractmethod
    def gamma(self, x: Numbers) -> Numbers:
        """Return the gamma function."""

    @abstractmethod
    def gamma_between(self, s: Numbers, low: Numbers, high: Numbers) -> Numbers:
        r"""Return :math:`\int_l^h t^{s-1}e^{-t}dt\,/\,\Gamma(s)`, :math:`0 \le l \le h \le \infty`."""

    def airy(self, x: Numbers) -> Numbers:
        """Return Airy's function Ai."""
        self._missing("Airy's function", "sg.mp(digits)")

    # -- nodes of quadrature -----------------------------------------------------------------------------------------

    def legendre(self, order: int) -> tuple[Any, Any]:
        """Return the nodes and the weights of Gauss and Legendre on [-1, 1]."""
        self._missing("nodes of quadrature", "sg.mp(digits)")

    # -- what encloses and proves ------------------------------------------------------------------------------------

    def union(self, x: Numbers, y: Numbers) -> Numbers:
        """Return an enclosure of all that lies in two, and between them."""
        self._missing("enclosures", "sg.balls(digits)")

    def certain_bits(self, x: Numbers) -> float:
        """Return about how many bits of an enclosed number are certain: -inf if it may be infinite."""
        self._missing("enclosures", "sg.balls(digits)")

    def zero_near(self, rising: Callable[[Numbers], Numbers], centre: Numbers, radius: Numbers) -> Numbers:
        """Return an enclosure of a zero within a radius of a place, proved by a change of sign from - to +."""
        self._missing("proofs", "sg.balls(digits)")

    def integral(self, function: Callable[[Numbers], Numbers], low: Numbers, high: Numbers, error: Numbers) -> Numbers:
        """Return an enclosure, about ``error`` wide, of the integral of an analytic function, with proof.

        The function is called with complex enclosures, and must not decide anything by comparing them.
        """
        self._missing("proofs", "sg.balls(digits)")

    def _missing(self, what: str, instead: str) -> NoReturn:
        """Refuse what this arithmetic cannot give."""
        raise NotImplementedError(f"{self!r}: {what}: not in this arithmetic; try {instead}")
