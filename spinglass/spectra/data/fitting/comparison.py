r"""Several laws fitted to the same eigenvalues, in one table.

Each is calibrated by its own ensemble: a p-value says whether a law is compatible with the eigenvalues, whatever the
others are.  Distances fall with every parameter, also where it is not needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from spinglass.inputs.checks import instance, shown
from spinglass.inputs.plotted import Plotted
from spinglass.spectra.data.fitting.fit import fit
from spinglass.spectra.data.fitting.result import Fit

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Numbers, Seed
    from spinglass.spectra.data.products.lanczos_spectrum import LanczosSpectrum
    from spinglass.spectra.law import Law

COLUMNS = ("law", "free", "outliers", "distance", "p", "parameters")


@dataclass(frozen=True, eq=False)
class Comparison(Plotted, Mapping):
    """Fits by the name of their laws, in the order in which these were given; ``str`` of it is a table."""

    _picture: ClassVar[str] = "comparison"

    fits: dict[str, Fit]

    def __getitem__(self, name: str) -> Fit:
        """Return the fit of a law."""
        return self.fits[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self.fits)

    def __len__(self) -> int:
        """Return the number of laws."""
        return len(self.fits)

    @property
    def table(self) -> list[dict]:
        """One row for each law: law, free (number of parameters), outliers, distance, p, parameters."""
        rows = []
        for name, one in self.fits.items():
            values = (name, len(one.parameters), one.outliers.size, one.distance, one.p_value, one.parameters)
            rows.append(dict(zip(COLUMNS, values, strict=True)))
        return rows

    def __str__(self):
        """Return the table as text."""
        lines = [COLUMNS]
        for row, one in zip(self.table, self.fits.values(), strict=True):
            p = "" if row["p"] is None else f"{row['p']:.3f}"
            head = (row["law"], str(row["free"]), str(row["outliers"]), f"{row['distance']:.4g}", p)
            lines.append((*head, ", ".join(one.written())))
        widths = [max(len(line[i]) for line in lines) for i in range(len(COLUMNS) - 1)]
        return "\n".join(
            "  ".join([*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[-1]]).rstrip()
            for line in lines
        )


def compare(
    eigenvalues: Numbers | LanczosSpectrum,
    laws: Mapping[str, type[Law] | Callable[..., Law]],
    outliers: int | str | None = None,
    *,
    false_positives: float = 0.05,
    spikes: str = "additive",
    criterion: str = "likelihood",
    distance: str = "kolmogorov",
    errors: str | None = "auto",
    samples: int = 99,
    ensemble: str | None = None,
    rng: Seed = None,
) -> Comparison:
    r"""Fit several laws to the same eigenvalues and compare them.

    Parameters
    ----------
    eigenvalues : float array of shape (n,) or (matrices, n), or the result of ``sg.spectra.lanczos``
    laws : dict
        Name to class of laws or function of named parameters, as in :func:`fit`.
    outliers, false_positives, spikes, criterion, distance, errors, samples, ensemble, rng
        As in :func:`fit`, for all laws; each decides for itself which eigenvalues lie outside.

    Returns
    -------
    Comparison
        Name to :class:`Fit`; printed it is a table, ``.table`` its rows, and it has a plot.

    Raises
    ------
    ValueError, TypeError, NotImplementedError
        As :func:`fit`, or if laws is no mapping of names.

    Examples
    --------
    >>> import numpy as np, spinglass as sg
    >>> values = np.linalg.eigvalsh(sg.spectra.MarchenkoPastur(ratio=0.3).sample(200, rng=1))
    >>> laws = {"Wigner": sg.spectra.Semicircle, "Wishart": sg.spectra.MarchenkoPastur}
    >>> found = sg.spectra.compare(values, laws, rng=1)
    >>> print(found)
    law      free  outliers  distance  p      parameters
    Wigner   2     0         0.08143   0.010  variance = 0.257(3), mean = 0.960(4)
    Wishart  2     0         0.01227   0.400  ratio = 0.302(3), variance = 1.000(4)
    >>> found["Wigner"].p_value < 0.05 < found["Wishart"].p_value
    True
    """
    instance("laws", laws, Mapping, "a dict of names and laws")
    if not laws or not all(isinstance(name, str) for name in laws):
        raise ValueError(f"laws: expected at least one law with a name, got {shown(laws)}")
    one = partial(
        fit,
        eigenvalues,
        outliers=outliers,
        false_positives=false_positives,
        spikes=spikes,
        criterion=criterion,
        distance=distance,
        errors=errors,
        samples=samples,
        ensemble=ensemble,
        rng=rng,
    )
    return Comparison({name: one(law) for name, law in laws.items()})
