"""What is asked of the single numbers that parametrise a law."""

from spinglass.spectra.law import real_points


def one_number(value, name):
    """Return a finite real number as a float, or say what was expected.

    Examples
    --------
    >>> one_number([1.0, 2.0], "shift")
    Traceback (most recent call last):
    ...
    TypeError: shift: expected one number, got an array of shape (2,)
    """
    array = real_points(value, name)
    if array.ndim:
        raise TypeError(f"{name}: expected one number, got an array of shape {array.shape}")
    return float(array)


def positive(value, name):
    """Return a positive number as a float, or say what was expected."""
    number = one_number(value, name)
    if number <= 0:
        raise ValueError(f"{name}: expected a positive number, got {number}")
    return number


def nonzero(value, name):
    """Return a number other than 0 as a float, or say what was expected."""
    number = one_number(value, name)
    if number == 0:
        raise ValueError(f"{name}: expected a number other than 0, got {number}")
    return number
