"""What to type where a package is missing that only some questions need."""


def how_to_install(package: str, extra: str | None = None) -> str:
    """Return the end of a message: the package by itself, and the extra of spinglass that brings it.

    Parameters
    ----------
    package : str
        Its name at an index of packages.
    extra : str, optional
        Of spinglass.  Of a clone it is installed by path, of a release by name.

    Examples
    --------
    >>> from spinglass.inputs.missing import how_to_install
    >>> how_to_install("pandas")
    'try pip install pandas'
    >>> how_to_install("python-flint", "certify").startswith("try pip install python-flint (with spinglass:")
    True
    """
    alone = f"try pip install {package}"
    if extra is None:
        return alone
    return f'{alone} (with spinglass: pip install ".[{extra}]" in a clone, pip install "spinglass[{extra}]" elsewhere)'
