"""The small pictures of the table of questions: ``python docs/_ext/pictures.py`` draws them into docs/pictures/."""

from pathlib import Path

import numpy as np

import spinglass as sg

FOLDER = Path(__file__).parents[1] / "pictures"
M = sg.pure(3)
MIXTURE = sg.mixed({3: 0.5, 16: 0.033})


def complexity(ax):
    """The rate of all critical points against their energy."""
    u = np.linspace(-1.75, 0, 200)
    ax.plot(u, sg.complexity(M)(u), "k")
    ax.axhline(0, color="0.6", lw=0.8)


def below(ax):
    """The rates by index."""
    sg.plotting.complexity(sg.complexity(M), ax=ax)


def lowest_energy(ax):
    """The lowest energy against the degree."""
    p = range(3, 20)
    ax.plot(p, [sg.complexity(sg.pure(k)).lowest_energy() for k in p], "k.-")


def threshold(ax):
    """Lowest energies by index, and the threshold, against the degree."""
    p = range(3, 20)
    for index in (0, 1, 2):
        ax.plot(p, [sg.complexity(sg.pure(k)).lowest_energy(index=index) for k in p])
    ax.plot(p, [sg.complexity(sg.pure(k)).threshold_energy for k in p], "k--")


def quenched(ax):
    """The quenched beside the annealed rate of minima, at the lowest energies."""
    sg.plotting.quenched(MIXTURE, ax=ax, energies=np.linspace(-1.2884, -1.2868, 25))


def mean_count(ax):
    """The mean number of minima against N."""
    n = range(2, 26)
    ax.semilogy(n, [sg.mean_count(M, k, index=0).mean for k in n], "k.-")


def nash(ax):
    """Rates of all equilibria and of local Nash equilibria against the coupling."""
    s = np.geomspace(1e-4, 1, 25)
    for index in (None, (0, 0)):
        ax.semilogx(s, [sg.complexity(sg.gan(3, 3, x, 0.5)).total(index=index) for x in s])
    ax.axhline(0, color="0.6", lw=0.8)
    ax.set_ylim(-0.3, 0.8)


def phases(ax):
    """The sign of the rate of local Nash equilibria over coupling and share."""
    s, kappa = np.geomspace(1e-4, 1, 13), np.linspace(0.05, 0.95, 13)
    rates = [[sg.complexity(sg.gan(3, 3, x, k)).total(index=(0, 0)) for x in s] for k in kappa]
    ax.contourf(kappa, s, np.transpose(rates), levels=[-99, 0, 99], colors=["#ffffff", "#0072B2"])
    ax.set_yscale("log")


def trivial(ax):
    """Rates of all points and of minima against the strength of a random field."""
    s = np.linspace(0, 5, 101)
    for index in (None, 0):
        ax.plot(s, [sg.complexity(sg.mixed({1: x, 3: 1})).total(index=index) for x in s], ("k", "C0")[index == 0])


def montecarlo(ax):
    """Rates at finite N with their errors, and the limit."""
    g = sg.gan(3, 3, 0.05, 0.5)
    n = (6, 10, 16, 24, 40)
    counts = [sg.mean_count(g, k, method="montecarlo", samples=20_000, rng=1) for k in n]
    rates = [c.log_mean / k for c, k in zip(counts, n, strict=True)]
    ax.errorbar([1 / k for k in n], rates, [c.stderr / k for c, k in zip(counts, n, strict=True)], fmt=".", color="0.4")
    ax.plot(0, sg.complexity(g).total(), "k_", ms=12)


def points(ax):
    """The critical points of one draw: energy and index."""
    sg.plotting.points(sg.critical_points(M.draw(6, rng=1)), ax=ax)


def hessian(ax):
    """The density of the Hessian at three energies, the middle one at the threshold."""
    for u in (-1.9, sg.complexity(M).threshold_energy, -1.2):
        law = M.hessian(u).law
        x = np.linspace(*law.support[0], 200)
        ax.plot(x, law.density(x))
    ax.axvline(0, color="0.6", lw=0.8)


def sum(ax):
    """The density of a Wishart plus a Wigner matrix, and sampled eigenvalues."""
    law = sg.spectra.MarchenkoPastur(0.5) + sg.spectra.Semicircle(0.2)
    sg.plotting.spectrum(law, ax, law.sample(300, rng=1))


def outlier(ax):
    """Where a spike is seen through noise."""
    spikes = np.linspace(1.01, 3, 50)
    ax.plot(spikes, [sg.spectra.outlier(t, sg.spectra.Semicircle(1.0)) for t in spikes], "k")
    ax.plot([0, 3], [0, 3], ":", color="0.6")
    ax.axhspan(-0.1, 2, color="0.9")
    ax.set_ylim(0, 3.6)


def fitted(ax):
    """Eigenvalues with two outliers, and the law that was fitted to the others."""
    spikes = np.diag([3.0, 4.0] + [0.0] * 298)
    values = np.linalg.eigvalsh(sg.spectra.MarchenkoPastur(0.5).sample(300, rng=1) + spikes)
    sg.plotting.spectrum(sg.spectra.fit(values, sg.spectra.MarchenkoPastur, "auto", rng=1).law, ax, values)


def products(ax):
    """The density of a matrix from its products with ten vectors, and all of its eigenvalues."""
    matrix = (sg.spectra.MarchenkoPastur(0.2) + sg.spectra.Semicircle(0.02, mean=1.0)).sample(1000, rng=1)
    ax.hist(np.linalg.eigvalsh(matrix), bins=40, density=True, color="0.8")
    sg.spectra.lanczos(matrix, probes=10, steps=40, rng=1).plot(ax)


def ratios(ax):
    """The ratios of spacings of a sampled GOE matrix, and their law."""
    h = sg.spectra.Semicircle(1.0).sample(1000, rng=1)
    ax.hist(sg.spectra.spacing_ratios(np.linalg.eigvalsh(h)), bins=20, density=True, color="0.8")
    r = np.linspace(0, 1, 100)
    ax.plot(r, 27 / 4 * (r + r**2) / (1 + r + r**2) ** 2.5, "k")


def critical_energy(ax):
    """The critical energy against parameters per residual."""
    phi = np.linspace(0.01, 0.99, 100)
    ax.semilogy(phi, [sg.spectra.critical_energy(x) for x in phi], "k")


def spiked(ax):
    """The bands of critical points over strength of the signal and overlap."""
    m = np.linspace(0, 0.999, 300)
    for strength in (0.6, 1.0, 1.5):
        ax.plot(m, np.maximum(sg.spiked(3, strength).at_overlap(m), -0.4))
    ax.axhline(0, color="0.6", lw=0.8)


DRAWN = (complexity, below, lowest_energy, threshold, quenched, mean_count, nash, phases, trivial, montecarlo, points)
DRAWN += (hessian, sum, outlier, fitted, products, ratios, critical_energy, spiked)


def save(draw, folder=FOLDER):
    """Draw one picture, without words, into a folder; return its path."""
    import matplotlib.pyplot as plt

    with plt.rc_context({"backend": "agg"}):
        figure, ax = plt.subplots(figsize=(1.8, 1.2), layout="constrained")
        draw(ax)
        ax.set(xlabel="", ylabel="", title="", xticks=[], yticks=[])
        ax.minorticks_off()
        if legend := ax.get_legend():
            legend.remove()
        for text in [*ax.texts]:
            text.remove()
        path = folder / f"{draw.__name__}.png"
        figure.savefig(path, dpi=100, metadata={"Software": None})
        plt.close(figure)
    return path


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for function in DRAWN:
        print(save(function))
