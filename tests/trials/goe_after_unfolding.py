"""Do the eigenvalues of batch Hessians repel as those of a GOE once they are unfolded?"""

# Are eigenvalues of a batch Hessian GOE-like after unfolding? Stand-ins: Wishart matrices, 300 parameters, 750 data.
import matplotlib.pyplot as plt
import numpy as np

import spinglass as sg

rng = np.random.default_rng(1)
batches = [rng.standard_normal((300, 750)) for _ in range(8)]
spectra = [np.linalg.eigvalsh(x @ x.T / 750) for x in batches]
law = sg.spectra.MarchenkoPastur(ratio=0.4)

spacings = np.concatenate([sg.spectra.spacings(sg.spectra.unfold(levels, law)) for levels in spectra])
ratios = np.concatenate([sg.spectra.spacing_ratios(levels) for levels in spectra])
for ensemble in ("goe", "poisson"):
    test, other = sg.spectra.spacing_test(spacings, ensemble), sg.spectra.ratio_test(ratios, ensemble)
    print(f"{ensemble}: p-value of the spacings {test.pvalue:.2g}, of the ratios {other.pvalue:.2g}")
print(f"mean ratio {ratios.mean():.4f}")

fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
sg.plotting.spacings(spectra, left, reference=law)
sg.plotting.ratios(spectra, right)
fig.savefig("goe_after_unfolding.png")

assert sg.spectra.spacing_test(spacings, "goe").pvalue > 0.01 > sg.spectra.spacing_test(spacings, "poisson").pvalue
assert abs(ratios.mean() - 0.5307) < 4 * 0.25 / np.sqrt(len(ratios))  # Atas et al. (2013); 0.25 is the width of p(r)
