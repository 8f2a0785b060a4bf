r"""What spacings and their ratios are compared with: the surmises for the GOE, and independent (Poisson) levels.

.. math:: p(s) = \tfrac{\pi s}2 e^{-\pi s^2/4} , \qquad p(r) = \frac{27}4\,\frac{r + r^2}{(1+r+r^2)^{5/2}} ;

for independent levels :math:`e^{-s}` and :math:`2/(1+r)^2`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spinglass.inputs.checks import one_of, real_points
from spinglass.spectra.levels.spacings import checked_spectrum
from spinglass.spectra.universal.level_spacing import LevelSpacing

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Numbers

#: Mean of the ratio of spacings: GOE from large matrices (the surmise gives 4 - 2 sqrt 3 = 0.5359), Poisson exactly.
MEAN_RATIO = {"goe": 0.5307, "poisson": 2 * np.log(2) - 1}


def wigner_surmise(s: Numbers) -> Numbers:
    r"""Return :math:`\tfrac{\pi s}2 e^{-\pi s^2/4}` at s >= 0, exact for 2 x 2 matrices, for large ones within 0.017.

    Examples
    --------
    >>> import spinglass as sg
    >>> sg.spectra.wigner_surmise([0.0, 1.0]).round(6)
    array([0.      , 0.716186])
    """
    s = np.clip(real_points("s", s), -1, 1e10)  # where it is 0
    return np.where(s < 0, 0.0, 0.5 * np.pi * s * np.exp(-0.25 * np.pi * s * s))[()]


def ratio_density(r: Numbers, ensemble: str = "goe") -> Numbers:
    r"""Return the density of the ratio of neighbouring spacings, the smaller over the larger, on [0, 1].

    GOE: :math:`\tfrac{27}4(r+r^2)/(1+r+r^2)^{5/2}`, exact for 3 x 3 matrices; Poisson: :math:`2/(1+r)^2`.

    Parameters
    ----------
    r : float array of any shape
    ensemble : {"goe", "poisson"}, optional
        In small letters or capitals.

    Examples
    --------
    >>> import spinglass as sg
    >>> print(sg.spectra.ratio_density([0.0, 1.0]).round(6), sg.spectra.ratio_density(1.0, "poisson"))
    [0.       0.866025] 0.5
    """
    r, ensemble = real_points("r", r), _known(ensemble)
    x = np.clip(r, 0, 1)
    density = 6.75 * (x + x * x) / (1 + x + x * x) ** 2.5 if ensemble == "goe" else 2 / (1 + x) ** 2
    return np.where((r < 0) | (r > 1), 0.0, density)[()]


def spacing_test(values: Numbers, ensemble: str = "goe") -> Any:
    """Return the Kolmogorov-Smirnov test of unfolded spacings against their exact law or against Poisson.

    Parameters
    ----------
    values : float array of shape (n,)
        Spacings; they are divided by their mean.
    ensemble : {"goe", "poisson"}, optional
        In small letters or capitals.

    Returns
    -------
    object with ``statistic`` and ``pvalue`` of :func:`scipy.stats.kstest`

    Accuracy
    --------
    The p-value takes the spacings for independent: neighbours have correlation -0.27 in the GOE, which makes it too
    large.  The law is that of :class:`LevelSpacing`; the cdf of the surmise is off by up to 0.0066.

    Examples
    --------
    >>> import numpy as np
    >>> import spinglass as sg
    >>> law = sg.spectra.Semicircle()
    >>> values = sg.spectra.spacings(sg.spectra.unfold(np.linalg.eigvalsh(law.sample(300, rng=1)), law))
    >>> bool(sg.spectra.spacing_test(values).pvalue > 0.01 > sg.spectra.spacing_test(values, "poisson").pvalue)
    True
    """
    values, ensemble = checked_spectrum(values, "values"), _known(ensemble)
    if not (mean := values.mean()) > 0:
        raise ValueError(f"values: expected spacings of positive mean, got {mean:g}")
    values = values / mean
    return _against(values, LevelSpacing().cdf if ensemble == "goe" else lambda s: 1 - np.exp(-s))


def ratio_test(values: Numbers, ensemble: str = "goe") -> Any:
    """Return the Kolmogorov-Smirnov test of ratios of spacings; unlike spacings they are not rescaled, having no unit.

    Examples
    --------
    >>> import numpy as np
    >>> import spinglass as sg
    >>> ratios = sg.spectra.spacing_ratios(np.linalg.eigvalsh(sg.spectra.Semicircle().sample(300, rng=1)))
    >>> bool(sg.spectra.ratio_test(ratios).pvalue > 0.01 > sg.spectra.ratio_test(ratios, "poisson").pvalue)
    True
    """
    values, ensemble = checked_spectrum(values, "values"), _known(ensemble)
    return _against(values, _ratio_cdf if ensemble == "goe" else lambda r: 2 * r / (1 + r))


def _ratio_cdf(r):
    return 1 - (1 + 1.5 * r - 1.5 * r**2 - r**3) / (1 + r + r * r) ** 1.5


def _known(ensemble):
    """Return the name of an ensemble in small letters."""
    return one_of("ensemble", ensemble.lower() if isinstance(ensemble, str) else ensemble, MEAN_RATIO)


def _against(values, cdf):
    """Return the Kolmogorov-Smirnov test; scipy.stats takes long to import and is needed only here."""
    from scipy.stats import kstest

    return kstest(values, cdf)
