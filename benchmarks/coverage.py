"""Do 90 % intervals of a fit hold the truth in 90 % of sampled spectra, are its p-values uniform, outliers found?

``python -m benchmarks.coverage [--keep FILE] CELL ..`` with cells ``family:n:planted:asked:runs``: eigenvalues of
matrices of size n with planted spikes are fitted with ``outliers`` None, "auto" or their number (asked: none, auto,
given; right if these are found).  ``family:n:planted:asked:runs:10x40`` fits what 10 probes of 40 steps know of them.
Every fit is a line of FILE, so that a run that was stopped goes on; the table is that of FILE.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
from scipy.sparse import diags_array
from scipy.stats import kstest
from threadpoolctl import threadpool_limits

import spinglass as sg
from benchmarks.table import columns
from spinglass.spectra.data.fitting.ensembles import eigenvalues
from spinglass.spectra.data.fitting.outside.planted import planted, strengths
from spinglass.spectra.free.inverse import hull

HEAD = ("family", "n", "planted", "asked", "seen by", "spectra", "held", "p < .05", "uniform", "right", "CPU s")
DISTANCES = ("kolmogorov", "wasserstein", "energy")
SEED = 7
FEW, MANY = (0.2, 0.5), (0.3, 1.2)  # widths of the bulk beyond its end, between which outliers are planted


def with_semicircle(variance, ratio):
    return sg.spectra.Semicircle(variance) + sg.spectra.MarchenkoPastur(ratio)


def scaled_product(ratio, scale):
    return scale * sg.spectra.WishartProduct((ratio, 0.25))


def wishart(ratio):
    return sg.spectra.MarchenkoPastur, {"ratio": ratio, "variance": 0.7}, "multiplicative"


FAMILIES = {
    "semicircle": (sg.spectra.Semicircle, {"variance": 2.0, "mean": -1.0}, "additive"),
    "mp.1": wishart(0.1),
    "mp.5": wishart(0.5),
    "mp1": wishart(1.0),
    "mp2": wishart(2.0),
    "sum": (with_semicircle, {"variance": 0.3, "ratio": 0.5}, "additive"),
    "product": (scaled_product, {"ratio": 0.5, "scale": 2.0}, "multiplicative"),
    "pwigner": (sg.spectra.PercolatedWigner, {"keep": 0.5, "variance": 2.0}, "additive"),
    "pwishart": (sg.spectra.PercolatedWishart, {"keep": 0.5, "ratio": 0.5}, "additive"),
}


def sampled(law, n, k, kind, seed):
    """Return the eigenvalues of a matrix with k spikes, and a mask of the outliers."""
    rng = np.random.default_rng([seed, n, k, SEED])
    if not k:
        return eigenvalues(law, n, rng), np.zeros(n, bool)
    low, high = hull(law)
    places = high + (high - low) * np.linspace(*(FEW if k < 10 else MANY), k)
    return planted(law, n, strengths(law, places, kind), kind, rng, None)


def measured(family, n, k, asked, by, seed):
    """Return what one fit says: whether intervals hold the truth, p-values, whether outliers are those planted."""
    law, truth, kind = FAMILIES[family]
    row, mask = sampled(law(**truth), n, k, kind, seed)
    outliers = {"none": None, "auto": "auto", "given": k}[asked]
    if by == "all":
        seen = row
    else:
        probes, steps = map(int, by.split("x"))
        seen = sg.spectra.lanczos(diags_array(row), probes, steps, rng=seed, kind="sphere")
    start = time.process_time()
    found = sg.spectra.fit(seen, law, outliers, spikes=kind, rng=seed)
    return {
        "cell": [family, n, k, asked, by],
        "seed": seed,
        "seconds": time.process_time() - start,
        "held": [bool(low <= truth[name] <= high) for name in truth for low, high in [found.interval(name)]],
        "off": [(found.parameters[name] - truth[name]) / (found.errors[name] or np.inf) for name in truth],
        "p": [found.p_values[name] for name in DISTANCES],
        "outliers": found.outliers.size,
        "right": bool(found.outliers.size == mask.sum() and np.allclose(found.outliers, row[mask], rtol=1e-3)),
    }


def kept(file):
    """Return the fits in a file by their cells."""
    cells = {}
    for line in file.read_text().splitlines() if file.exists() else ():
        one = json.loads(line)
        cells.setdefault(tuple(one["cell"]), {})[one["seed"]] = one
    return cells


def row_of(cell, fits):
    """Return a row of the table."""
    p = np.array([one["p"] for one in fits])
    return (
        *map(str, cell),
        str(len(fits)),
        " ".join(f"{share:.3f}" for share in np.mean([one["held"] for one in fits], 0)),
        " ".join(f"{share:.3f}" for share in np.mean(p <= 0.05, 0)),
        " ".join(f"{kstest(column, 'uniform').pvalue:.2f}" for column in p.T),
        f"{np.mean([one['right'] for one in fits]):.3f}",
        f"{np.mean([one['seconds'] for one in fits]):.2f}",
    )


def main():
    """Measure the cells that are asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cells", nargs="*", help="family:n:planted:asked:runs[:probesxsteps]")
    parser.add_argument("--keep", type=Path, default=Path("coverage.jsonl"), help="file of fits")
    given = parser.parse_args()
    for cell in given.cells:
        family, n, k, asked, runs, by = (*cell.split(":"), "all")[:6]
        done = kept(given.keep).get((family, int(n), int(k), asked, by), {})
        for seed in sorted(set(range(int(runs))) - set(done)):
            with threadpool_limits(1):
                one = measured(family, int(n), int(k), asked, by, seed)
            with given.keep.open("a") as file:
                file.write(json.dumps(one) + "\n")
    rows = [row_of(cell, list(fits.values())) for cell, fits in sorted(kept(given.keep).items())]
    print(*columns([HEAD, *rows]), sep="\n")


if __name__ == "__main__":
    main()
