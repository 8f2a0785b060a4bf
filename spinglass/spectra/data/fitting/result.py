r"""What a fit found: the law, its parameters with errors, outliers, distances with p-values.

A confidence interval comes from the steps s between sampled (or resampled) fits and the truth behind them,

.. math:: [\hat u - q_{1-\alpha/2}(s),\ \hat u - q_{\alpha/2}(s)] ,

in the coordinate u of a parameter: its logarithm if it is positive, :math:`\log p/(1-p)` of a probability.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from spinglass.inputs.checks import one_number, one_of
from spinglass.inputs.plotted import Plotted
from spinglass.spectra.noise.spikes import KINDS, Spikes, spike

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Array
    from spinglass.spectra.data.products.lanczos_spectrum import LanczosSpectrum
    from spinglass.spectra.law import Law

STEP = 1e-5  # of derivatives in the coordinates


@dataclass(frozen=True, eq=False)
class Fit(Plotted):
    """A law fitted to eigenvalues, returned by :func:`fit`.

    Attributes
    ----------
    law : Law
        At the fitted parameters.
    parameters, errors : dict
        Name to value, and to standard error; no errors if none were asked for.
    bias : dict
        What was subtracted, as large as the error for a single matrix.
    outliers : float array
        Eigenvalues outside the bulk, ascending, of all matrices together.
    distance, p_value : float
        The distance that was asked for, and the chance that a sample of the law is as far from its own fit; None where
        nothing was sampled.
    distances, p_values : dict
        The same by name: kolmogorov, wasserstein, energy.
    kind : {"additive", "multiplicative", "apart"}
        What the outliers were taken for.
    n : int
        Rows of the matrix.
    eigenvalues : float array of shape (matrices, n), or LanczosSpectrum
        What was fitted.
    """

    _picture = "fit"

    law: Law
    parameters: dict[str, float]
    errors: dict[str, float]
    bias: dict[str, float]
    outliers: Array
    distance: float
    p_value: float | None
    distances: dict[str, float]
    p_values: dict[str, float]
    kind: str
    n: int
    eigenvalues: Array | LanczosSpectrum = field(repr=False)
    _family: Any = field(repr=False)
    _coordinates: Array = field(repr=False)
    _steps: Array | None = field(repr=False)
    _place_errors: Array = field(repr=False)

    def interval(self, name: str, level: float = 0.9) -> tuple[float, float]:
        r"""Return the confidence interval of a parameter.

        .. math:: [\hat u - q_{1-\alpha/2},\ \hat u - q_{\alpha/2}]

        in the coordinate u of the parameter (its logarithm, if it is positive), with quantiles q of the errors of
        sampled or resampled fits.

        Parameters
        ----------
        name : str
            Of a free parameter.
        level : float, optional
            Between 0 and 1; with B samples at most 1 - 2/(B + 1) is resolved.

        Returns
        -------
        pair of floats

        Raises
        ------
        ValueError
            If there is no such parameter or no errors were asked for.

        Examples
        --------
        >>> import numpy as np, spinglass as sg
        >>> values = np.linalg.eigvalsh(sg.spectra.Semicircle(2.0).sample(100, rng=1))
        >>> low, high = sg.spectra.fit(values, sg.spectra.Semicircle, rng=1).interval("variance")
        >>> low < 2.0 < high
        True
        """
        one_of("name", name, self._family.names)
        level = one_number("level", level)
        if not 0 < level < 1:
            raise ValueError(f"level: expected a probability between 0 and 1, both excluded, got {level}")
        if self._steps is None:
            raise ValueError("interval: expected a fit with errors, got errors=None; try errors='auto'")
        i = self._family.names.index(name)
        tails = np.quantile(self._steps[:, i], [0.5 - level / 2, 0.5 + level / 2], method="weibull")
        ends = [self._family.values(self._coordinates - tail)[i] for tail in tails]
        return float(min(ends)), float(max(ends))

    def spikes(self) -> Spikes:
        r"""Return the spikes behind the outliers, with errors: of the outliers' places and of the law's parameters.

        Returns
        -------
        Spikes
            ``values``, ``errors`` and ``overlaps``, as of :func:`sg.spectra.spike`.

        Raises
        ------
        ValueError
            If the outliers were said to stand apart, or one of them lies inside the fitted law.

        Examples
        --------
        >>> import numpy as np, spinglass as sg
        >>> matrix = sg.spectra.Semicircle().sample(200, rng=1)
        >>> matrix[0, 0] += 3.0
        >>> found = sg.spectra.fit(np.linalg.eigvalsh(matrix), sg.spectra.Semicircle, outliers=1, rng=1).spikes()
        >>> print(abs(found.values[0] - 3.0) < 3 * found.errors[0])
        True
        """
        if self.kind not in KINDS:
            raise ValueError(f"spikes: expected outliers of additive or multiplicative spikes, got {self.kind} ones")
        found = spike(self.outliers, self.law, kind=self.kind, n=self.n)
        if self._place_errors.any():
            unsettled = spike(self.outliers, self.law, kind=self.kind, error=self._place_errors)
            found = found._replace(errors=np.hypot(found.errors, unsettled.errors))
        if self._steps is None or not self.outliers.size:
            return found
        moved = [
            spike(self.outliers, self._family.law(self._coordinates + sign * step), kind=self.kind).values
            for step in np.diag(STEP * np.ones(self._coordinates.size))
            for sign in (1, -1)
        ]
        slopes = (np.array(moved[::2]) - np.array(moved[1::2])) / (2 * STEP)
        return found._replace(errors=np.hypot(found.errors, (self._steps @ slopes).std(0)))

    def written(self) -> list[str]:
        """Return the parameters with their errors in units of the last digit: ``ratio = 0.497(3)``."""
        return [f"{name} = {short(value, self.errors.get(name))}" for name, value in self.parameters.items()]

    def __str__(self):
        """Return parameters with errors, outliers and p-value in one line."""
        parts = self.written()
        some = f"{len(self.outliers)} outlier{'' if len(self.outliers) == 1 else 's'}"
        parts += [some, f"distance {self.distance:.3g}"]
        parts += [] if self.p_value is None else [f"p = {self.p_value:.2g}"]
        return ", ".join(parts)


def short(value, error):
    """Return a number with the error of its last digit: 0.497(3).

    Examples
    --------
    >>> from spinglass.spectra.data.fitting.result import short
    >>> short(0.49712, 0.0031), short(1234.5, 41.0), short(0.5, None), short(2.0, 0.0)
    ('0.497(3)', '1234(41)', '0.5', '2')
    """
    if not error:
        return f"{value:.4g}"
    digits = -int(np.floor(np.log10(error)))
    if digits > 8 or digits < 0:
        return f"{value:.6g}({error:.2g})" if digits > 8 else f"{value:.0f}({error:.0f})"
    return f"{value:.{digits}f}({round(error * 10**digits)})"
