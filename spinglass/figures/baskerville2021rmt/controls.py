r"""Figure 5: what else has the ratios of spacings of the GOE: rounding; and what has not: products, independent levels.

Eigenvalues of a matrix of deficient rank that are zero but for rounding are those of the matrix of rounding errors,
which repel as those of any matrix do.  Where a spectrum ends in rounding is seen by the decade: the same matrices in
single and double precision part at about :math:`10^{-7}` of the largest eigenvalue.
"""

import functools
from itertools import pairwise

import numpy as np

from spinglass.figures.baskerville2021rmt.common import mean_and_error
from spinglass.networks import digits
from spinglass.plotting.style import COLOURS, GREY, SAMPLED, frame, line
from spinglass.spectra.levels.ensembles import MEAN_RATIO
from spinglass.spectra.levels.spacings import spacing_ratios

SIZE, RANK, BATCH = 1000, 64, 32
DECADES = np.arange(-18, 1)  # powers of ten of the largest eigenvalue
LEAST = 6  # levels in a decade that are worth a ratio
PRECISIONS = {"double": np.float64, "single": np.float32}


def symmetric(rng, n):
    """Return a GOE matrix."""
    a = rng.standard_normal((n, n))
    return (a + a.T) / np.sqrt(2 * n)


def goe(rng, n):
    """Return the eigenvalues of a GOE matrix."""
    return np.linalg.eigvalsh(symmetric(rng, n))


def independent(rng, n):
    """Return independent levels."""
    return np.sort(rng.standard_normal(n))


def rounding(rng, n):
    """Return the eigenvalues of a matrix of low rank, in single precision, that are 0 but for rounding."""
    a = rng.standard_normal((n, max(n * RANK // SIZE, 1))).astype(np.float32)
    values = np.linalg.eigvalsh(a @ a.T)
    return np.sort(values[: n - a.shape[1]]).astype(float)


def kronecker(rng, n):
    """Return the eigenvalues of the Kronecker product of two GOE matrices of sizes k and about n/k."""
    k = round(n**0.5)
    return np.sort(np.outer(goe(rng, k), goe(rng, n // k)).ravel())


def two_blocks(rng, n):
    """Return the eigenvalues of two GOE matrices together: a symmetry that splits a matrix in two."""
    return np.sort(np.concatenate([goe(rng, n // 2), goe(rng, n // 2)]))


CONTROLS = {
    "GOE": goe,
    "rounding errors": rounding,
    "GOE in two blocks": two_blocks,
    "Kronecker product": kronecker,
    "independent levels": independent,
}


def control(name, n, draws):
    """Return the mean ratio and its standard error."""
    streams = np.random.SeedSequence([2021, 5, list(CONTROLS).index(name)]).spawn(draws)
    return np.array(mean_and_error([CONTROLS[name](np.random.default_rng(stream), n) for stream in streams]))


def by_decade(spectra):
    """Return mean ratios of levels by the decade of their size, their errors, and the levels in a spectrum."""
    rows = np.full((len(spectra), len(DECADES) - 1), np.nan)
    counts = np.zeros(len(DECADES) - 1)
    for row, values in zip(rows, spectra, strict=True):
        sizes = np.log10(np.maximum(np.abs(values) / np.abs(values).max(), 1e-300))
        for k, (low, high) in enumerate(pairwise(DECADES)):
            inside = values[(sizes > low) & (sizes <= high) & (values > 0)]
            counts[k] += len(inside) / len(spectra)
            if len(np.unique(inside)) >= LEAST:
                row[k] = spacing_ratios(np.unique(inside)).mean()
    seen = np.sum(~np.isnan(rows), axis=0)
    mean = np.nansum(rows, axis=0) / np.where(seen > 1, seen, np.nan)
    error = np.sqrt(np.nansum((rows - mean) ** 2, axis=0) / np.where(seen > 1, seen * (seen - 1), np.nan))
    return np.array([mean, error, counts])


def decades(precision, count):
    """Return the same of the Gauss-Newton matrices of batches, of deficient rank, in one precision."""
    network = digits("mlp")
    matrices = [network.gauss_newton(batch).astype(PRECISIONS[precision]) for batch in network.batches(BATCH, count, 0)]
    return by_decade([np.linalg.eigvalsh(matrix).astype(float) for matrix in matrices])


def controls(quick):
    """Return mean ratios of the controls, and those by decade in both precisions."""
    n, draws, count = (200, 20, 8) if quick else (SIZE, 20, 60)
    data: dict = {name: functools.partial(control, name, n, draws) for name in CONTROLS}
    data |= {precision: functools.partial(decades, precision, count) for precision in PRECISIONS}
    return data


def draw_controls(data, axes):
    """Draw the controls, and ratios and numbers of levels by decade."""
    left, middle, right = (frame(ax) for ax in axes[0])
    rows = np.arange(len(CONTROLS))
    means = np.array([data[name] for name in CONTROLS])
    left.errorbar(means[:, 0], rows, xerr=2 * means[:, 1], fmt="o", color=SAMPLED, capsize=3)
    left.set_yticks(rows, list(CONTROLS))
    left.set(ylim=(len(rows) - 0.5, -0.5), ylabel="spectrum", xlabel="mean ratio of spacings (bars: 2 errors)")
    centres = (DECADES[1:] + DECADES[:-1]) / 2
    for i, precision in enumerate(PRECISIONS):
        mean, error, counts = data[precision]
        middle.errorbar(centres, mean, 2 * error, fmt="os"[i], color=COLOURS[1 + i], capsize=2, label=precision)
        right.plot(centres, counts, label=precision, **line(1 + i, marker="os"[i]))
    for value in (MEAN_RATIO["goe"], MEAN_RATIO["poisson"]):
        left.axvline(value, color=GREY, linewidth=0.8, linestyle="--")
        middle.axhline(value, color=GREY, linewidth=0.8, linestyle="--")
    middle.set(ylim=(0.3, 0.6), ylabel="mean ratio of spacings")
    right.set(ylabel="positive eigenvalues in a decade")
    left.set_title("controls (dashed: GOE, independent)", fontsize="medium")
    middle.set_title(f"Gauss-Newton matrices of {BATCH} digits", fontsize="medium")
    right.set_title("where single precision ends", fontsize="medium")
    for ax in (middle, right):
        ax.set_xlabel(r"$\log_{10}(\lambda/\lambda_{\max})$")
        ax.legend(frameon=False)
