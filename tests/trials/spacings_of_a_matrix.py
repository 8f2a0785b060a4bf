"""Do the levels of my symmetric matrix repel like those of a GOE, or are they independent (Poisson)?"""

import matplotlib.pyplot as plt
import numpy as np

import spinglass as sg

n = 500
rng = np.random.default_rng(3)
signs = np.triu(rng.choice([-1.0, 1.0], (n, n)))  # not Gaussian: entries +-1
mine = (signs + np.triu(signs, 1).T) / np.sqrt(n)
repelling = np.linalg.eigvalsh(mine)
independent = rng.uniform(-2, 2, n)

fig, axes = plt.subplots(2, 2, figsize=(9, 6.5), layout="constrained")
for row, (name, levels, law) in zip(
    axes,
    [("matrix of signs", repelling, sg.spectra.Semicircle()), ("independent levels", independent, None)],
    strict=True,
):
    ratios = sg.spectra.spacing_ratios(levels)
    goe, poisson = (sg.spectra.ratio_test(ratios, ensemble).pvalue for ensemble in ("goe", "poisson"))
    print(f"{name}: mean ratio {ratios.mean():.4f}, p-value GOE {goe:.2g}, Poisson {poisson:.2g}")
    sg.plotting.ratios(levels, row[0])
    sg.plotting.spacings(levels if law else (levels + 2) * n / 4, row[1], reference=law)
    row[0].set_title(name)
    assert (goe > 0.01 > poisson) if law else (poisson > 0.01 > goe)
    # Atas et al. (2013): 0.5307, and 2 log 2 - 1; standard error about 0.27 / sqrt(n) = 0.012
    assert abs(ratios.mean() - (0.5307 if law else 2 * np.log(2) - 1)) < 0.05
fig.savefig("spacings.png", dpi=150)
