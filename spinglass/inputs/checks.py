"""The one door through which numbers, arrays and objects come in: what was expected, what came, what to try.

Every check takes ``(name, value, ..)`` and returns the value in standard form, or raises one line.  Numbers are those
of Python, numpy, mpmath, sympy, python-flint and ``decimal`` that a float can hold; text, truth values, complex numbers
and masked entries are none, whatever numpy would make of them.
"""

import math
import numbers
from decimal import Decimal
from fractions import Fraction

import numpy as np

LARGEST = "1.8e308"  # in size, of a float64
MODERATE, SQUARE = 1e153, 1e306  # sizes up to which parameters, and variances, can be computed with
SHOWN = 120  # characters of a value in a message
WAYS = {  # from what was given to what was expected
    ("SphericalGame", "Complexity"): "sg.complexity(model)",
    ("Spiked", "Complexity"): "sg.complexity(model)",
    ("Parabolic", "Complexity"): "sg.complexity(model)",
    ("Complexity", "SphericalGame"): "its .model",
    ("Complexity", "Spiked"): "its .model",
    ("Draw", "SphericalGame"): "its .game",
    ("SphericalGame", "Draw"): "model.draw(n, rng=1)",
    ("Draw", "CriticalPoints"): "sg.critical_points(draw)",
    ("SphericalGame", "CriticalPoints"): "sg.critical_points(model.draw(n, rng=1))",
    ("SphericalGame", "Law"): "model.hessian(u).law",
    ("SphericalGame", "Estimate"): "sg.mean_count(model, 20)",
}


def shown(x: object) -> str:
    """Write a value for a message: one line, not long, whatever it is.

    Examples
    --------
    >>> from spinglass.inputs.checks import shown
    >>> shown(10**400), shown("3")
    ('an integer of about 401 digits', "'3'")
    """
    if isinstance(x, numbers.Integral) and not isinstance(x, bool) and abs(int(x)) >= 10**SHOWN:
        return f"an integer of about {int(int(x).bit_length() * math.log10(2)) + 1} digits"
    try:
        text = " ".join((str if isinstance(x, numbers.Real) else repr)(x).split())
    except Exception:  # a repr may do anything, and numbers of many digits have none
        text = f"an object of class {type(x).__name__}"
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."


def as_float(x):
    """Return one real number as a float, inf if it is too large for one; TypeError if it is no real number."""
    if type(x) is float:
        return x
    if isinstance(x, (str, bytes, bytearray, bool, np.bool_, np.ma.core.MaskedConstant)) or getattr(x, "ndim", False):
        raise TypeError
    if isinstance(x, numbers.Complex) and not isinstance(x, numbers.Real):
        raise TypeError
    try:
        return float(x)
    except OverflowError:
        return math.inf if x > 0 else -math.inf
    except Exception:  # whatever the class of the user raises
        raise TypeError from None


def plain(x):
    """Return a number of numpy, sympy or ``decimal`` as Python's, exactly; anything else as it is."""
    if isinstance(x, np.ma.core.MaskedConstant):
        return x
    if isinstance(x, (np.generic, np.ndarray)) and x.ndim == 0:
        return x.item()
    if type(x) in (int, float, Fraction, bool):
        return x
    if isinstance(x, numbers.Integral):
        return int(x)
    if isinstance(x, numbers.Rational) and x.denominator:
        return Fraction(int(x.numerator), int(x.denominator))
    if isinstance(x, Decimal) and x.is_finite() and abs(x.adjusted()) < 5000:
        return Fraction(x)
    return x


def checked_number(name, x):
    """Return a finite real number that a float can hold as it was given (numpy's as Python's)."""
    x = plain(x)
    if not isinstance(x, numbers.Real) or isinstance(x, bool):
        raise TypeError(f"{name}: expected a real number, got {shown(x)}")
    value = as_float(x)
    if math.isfinite(value) and (value or not x):
        return x
    if value and math.isinf(value) and x - x == 0:
        raise ValueError(f"{name}: expected a number that a float can hold (up to {LARGEST}), got {shown(x)}")
    if not value:
        raise ValueError(f"{name}: expected a number that a float can tell from 0, got {shown(x)}")
    raise ValueError(f"{name}: expected a finite number, got {x}")


def written(name, x):
    """Return decimals and fractions in text, also in lists and tuples, as exact numbers; anything else as it is.

    Examples
    --------
    >>> from spinglass.inputs.checks import written
    >>> written("energies", ("-0.1", "inf"))
    [Fraction(-1, 10), inf]
    """
    if isinstance(x, (tuple, list)):
        return [written(name, value) for value in x]
    if not isinstance(x, str):
        return x
    try:
        if "/" in x:
            return Fraction(x)
        number = Decimal(x)
    except (ValueError, ArithmeticError):
        raise ValueError(f"{name}: expected a decimal or a fraction, got {shown(x)}") from None
    if not number.is_finite():
        return float(number)
    if number and abs(number.adjusted()) > 400:
        raise ValueError(f"{name}: expected a number that a float can hold (up to {LARGEST}), got {shown(x)}")
    return Fraction(number)


def checked_integer(name, x, least, most=math.inf):
    """Return an integer of at least ``least`` as an int, also one written as 3.0."""
    expected = f"{name}: expected an integer {_range(least, most)}, got"
    x = plain(x)
    if not isinstance(x, numbers.Real) or isinstance(x, bool):
        raise TypeError(f"{expected} {shown(x)}")
    if not isinstance(x, int) and not (math.isfinite(as_float(x)) and x == math.floor(x)):
        raise ValueError(f"{expected} {shown(x)}")
    if not least <= x <= most:
        raise ValueError(f"{expected} {shown(x)}")
    return math.floor(x)


def whole_number(name, x, least, most=math.inf):
    """Return an integer of at least ``least`` as an int; 3.0 is none.

    Examples
    --------
    >>> from spinglass.inputs.checks import whole_number
    >>> whole_number("n", 0, 1)
    Traceback (most recent call last):
    ...
    ValueError: n: expected an integer of at least 1, got 0
    """
    expected = f"{name}: expected an integer {_range(least, most)}, got"
    x = plain(x)
    if not isinstance(x, int) or isinstance(x, bool):
        raise TypeError(f"{expected} {shown(x)}")
    if not least <= x <= most:
        raise ValueError(f"{expected} {shown(x)}")
    return x


def _range(least, most):
    return f"of at least {least}" if most == math.inf else f"from {least} to {most}"


def real_points(name, x, infinite=False):
    """Return numbers as a new float array; refuse what is not a real number, nan and (unless told) infinities."""
    if type(x) is float:
        array = np.array(x)
    elif type(x) is np.ndarray and x.dtype == float:
        array = x.copy()
    else:
        array = _array(name, x, as_float, float)
    finite = np.isfinite(array)
    if not finite.all():
        _refuse_infinite(name, x, array[~finite], infinite)
    return array


def complex_points(name, z):
    """Return numbers as a new complex array; refuse what is not a number, nan and infinities."""
    array = _array(name, z, _as_complex, complex)
    finite = np.isfinite(array)
    if not finite.all():
        _refuse_infinite(name, z, array[~finite], False)
    return array


def _as_complex(z):
    if isinstance(z, numbers.Complex) and not isinstance(z, numbers.Real):
        return complex(z)
    try:
        return as_float(z)
    except TypeError:
        if isinstance(z, (str, bytes, bytearray, bool, np.bool_, np.ma.core.MaskedConstant)) or getattr(
            z, "ndim", False
        ):
            raise
    try:
        return complex(z)
    except Exception:  # whatever the class of the user raises
        raise TypeError from None


def unmasked(name, x):
    """Refuse a masked array with masked entries: they are no numbers."""
    if np.ma.isMaskedArray(x) and np.ma.is_masked(x):
        raise TypeError(f"{name}: expected numbers, got masked entries; try .compressed() or .filled(value)")


def _array(name, x, convert, dtype):
    """Return a new array of a dtype, by numpy where it holds numbers and one by one where it holds objects."""
    unmasked(name, x)
    try:
        array = np.asarray(x)
    except Exception:  # ragged sequences and whatever __array__ of the user raises
        raise TypeError(f"{name}: expected numbers or arrays of numbers, got {shown(x)}") from None
    if array.dtype.kind in "iuf" or (array.dtype.kind == "c" and dtype is complex):
        with np.errstate(over="ignore"):
            return array.astype(dtype)
    if array.dtype.kind == "c":
        raise TypeError(f"{name}: expected real numbers, got complex ones")
    if array.dtype.kind != "O":
        if array.size:
            raise TypeError(f"{name}: expected numbers or arrays of numbers, got {shown(x)}")
        return np.empty(array.shape, dtype)
    out = np.empty(array.size, dtype)
    for i, value in enumerate(array.ravel()):
        try:
            out[i] = convert(value)
        except TypeError:
            kind = "expected numbers or arrays of numbers"
            if isinstance(value, numbers.Complex) and not isinstance(value, numbers.Real):
                kind = "expected real numbers"
            raise TypeError(f"{name}: {kind}, got {shown(x)}") from None
    return out.reshape(array.shape)


def _refuse_infinite(name, x, odd, infinite):
    """Refuse nan, numbers that became infinite as floats, and infinities unless they are allowed."""
    if np.isnan(odd).any():
        raise ValueError(f"{name}: expected {'' if infinite else 'finite '}numbers, got nan")
    given = np.asarray(x)
    if given.dtype.kind == "O" or given.dtype.itemsize > 16:
        for value in given.ravel():
            if math.isinf(abs(_as_complex(value))) and value - value == 0:
                many = f"{name}: expected numbers that a float can hold (up to {LARGEST})"
                raise ValueError(f"{many}, got {shown(value)}")
    if not infinite:
        odd = odd.view(float)  # of complex numbers both parts
        raise ValueError(f"{name}: expected finite numbers, got {odd[~np.isfinite(odd)][0]}")


def broadcast(name, *arrays):
    """Return the common shape of arrays."""
    try:
        return np.broadcast_shapes(*(x.shape for x in arrays))
    except ValueError:
        shapes = ", ".join(str(x.shape) for x in arrays)
        raise ValueError(f"{name}: expected shapes that broadcast, got {shapes}") from None


def measured(name, x, most=MODERATE):
    """Return numbers as a new float array, none beyond a size whose square can be computed."""
    array = real_points(name, x)
    if (np.abs(array) > most).any():
        largest = array.flat[np.argmax(np.abs(array))]
        raise ValueError(f"{name}: expected numbers up to {most:g} in size, got {largest:g}; try other units")
    return array


def one_number(name, x, most=MODERATE):
    """Return a real number of moderate size as a float.

    Examples
    --------
    >>> from spinglass.inputs.checks import one_number
    >>> one_number("shift", [1.0, 2.0])
    Traceback (most recent call last):
    ...
    TypeError: shift: expected one number, got an array of shape (2,)
    """
    array = measured(name, x, most)
    if array.ndim:
        raise TypeError(f"{name}: expected one number, got an array of shape {array.shape}")
    return float(array)


def positive(name, x, most=MODERATE):
    """Return a positive number as a float."""
    number = one_number(name, x, most)
    if number <= 0:
        raise ValueError(f"{name}: expected a positive number, got {number}")
    if number < 1 / most:
        raise ValueError(f"{name}: expected a number of at least {1 / most:g}, got {number:g}; try other units")
    return number


def nonzero(name, x):
    """Return a number other than 0 as a float."""
    number = one_number(name, x)
    if abs(number) < 1 / MODERATE:
        raise ValueError(f"{name}: expected a number other than 0 (from {1 / MODERATE:g} in size), got {number:g}")
    return number


def in_arithmetic(name, x, ar, infinite=False):
    """Return real numbers in an arithmetic: an array in float64, one number (or symbol) in the others."""
    if ar.vectorised:
        return real_points(name, x, infinite)[()]
    x = plain(x)
    if not getattr(x, "free_symbols", None):
        try:
            value = as_float(x)
        except TypeError:
            raise TypeError(f"{name}: expected one real number for {ar!r}, got {shown(x)}") from None
        if not math.isfinite(value):
            _refuse_infinite(name, x, np.array([value]), True)
            if not infinite:
                raise ValueError(f"{name}: expected a finite number, got {value}")
            x = value
    try:
        with ar.precision():
            return ar.number(x)
    except TypeError:
        raise TypeError(f"{name}: expected one real number for {ar!r}, got {shown(x)}") from None


def elements(name, x):
    """Return the entries of a list or an array, whatever numbers they are, as an object array; None for one number.

    Examples
    --------
    >>> from spinglass.inputs.checks import elements
    >>> elements("u", [1, 2.5]), elements("u", 3)
    (array([1, 2.5], dtype=object), None)
    """
    if not isinstance(x, (list, tuple, range)) and not (hasattr(x, "__array__") and getattr(x, "ndim", 0) != 0):
        return None
    unmasked(name, x)
    try:
        return np.asarray(x).astype(object) if hasattr(x, "__array__") else np.array(list(x), dtype=object)
    except Exception:  # entries of different shapes and whatever __array__ of the user raises
        raise TypeError(f"{name}: expected numbers or arrays of numbers, got {shown(x)}") from None


def one_of(name, x, options):
    """Return one of several words."""
    if not isinstance(x, str) or x not in options:
        raise ValueError(f"{name}: expected one of {', '.join(options)}, got {shown(x)}")
    return x


def sequence(name, x):
    """Return the entries of a sequence as a list."""
    if isinstance(x, (str, bytes)) or not hasattr(x, "__iter__"):
        raise TypeError(f"{name}: expected a sequence, got {shown(x)}")
    try:
        return list(x)
    except Exception:  # arrays without axes, and whatever __iter__ of the user raises
        raise TypeError(f"{name}: expected a sequence, got {shown(x)}") from None


def instance(name, x, kind, expected):
    """Return an object of a class (or of one of several), or say in words what was expected, and how to come to it."""
    if not isinstance(x, kind):
        given = type(x)
        own = given.__module__.startswith("spinglass.")  # whose texts are long
        text = f"an object of class {given.__name__}" if own else shown(x)
        wanted = (kind,) if isinstance(kind, type) else kind
        ways = (WAYS.get((given.__name__, one.__name__)) for one in wanted)
        advice = next((f"; try {way}" for way in ways if own and way), "")
        raise TypeError(f"{name}: expected {expected}, got {text}{advice}")
    return x
