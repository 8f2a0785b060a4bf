r"""Two interacting spin glasses as a model of a GAN.

Baskerville, Keating, Mezzadri, Najnudel (2022), A spin glass model for the loss surfaces of generative adversarial
networks, J. Stat. Phys. 186.  The constants of the code published with that paper differ from the exact local law:

* with n = p+q its matrix is :math:`H = bM + b_1(M_1 \oplus 0) - x_1(I \oplus 0)`, GOE of radius :math:`\sqrt2`, M_1
  scaled by its own size, :math:`b = \sigma_z\sqrt{2^n n(n-1)}`, :math:`b_1 = \sqrt{p(p-1)\kappa}`: variances lack the
  factors that a sum of two overlaps equal to 2 brings;
* the weight is :math:`-x^2/2s^2 - x_1^2/2s_1^2`, :math:`s^2 = \sigma_z^2 n^2 2^{3n}/2`, :math:`s_1^2 = p^2/2`: the
  second radial derivative of the generator's field is missing;
* the conditions are :math:`x < n 2^n u_G`, :math:`x_1 > -p x/(n 2^n) - p u_D`, and the constant is too large (the limit
  of a decoupled discriminator must give :math:`\tfrac12\log(p-1)`).

This module draws both, labelled so.  Everything outside it uses the exact law.
"""

import numpy as np
from matplotlib.ticker import MaxNLocator
from scipy.optimize import brentq

from spinglass.complexity.annealed import Annealed
from spinglass.complexity.api import complexity
from spinglass.figures.recipe import Recipe
from spinglass.models import LocalLaw, gan
from spinglass.plotting.complexities import filled
from spinglass.plotting.spectra import spectrum
from spinglass.plotting.style import GREY, frame, line
from spinglass.spectra import BlockGaussian

PAIRS = ((2, 2), (3, 3), (5, 5), (3, 5), (5, 3))


def published_hessian(kappa, b, b1, x1):
    """Return the spectral law of the published H."""
    full, extra = b * b / 2, b1 * b1 / (2 * kappa)
    return BlockGaussian([[full + extra, full], [full, full]], [kappa, 1 - kappa], [-x1, 0.0])


def published_annealed(p, q, sigma_z, kappa):
    r"""Return the published complexity as a supremum over normals (g, g_1), :math:`x = s g`, :math:`x_1 = s_1 g_1`.

    Its two "losses" are the left sides of the published conditions: u_G = x/(n 2^n), u_D = -x/(n 2^n) - x_1/p.
    """
    n = p + q
    b2, b12 = sigma_z**2 * 2**n * n * (n - 1), p * (p - 1) * kappa
    variance = np.full((2, 2), b2 / 2) + np.diag([b12 / (2 * kappa), 0.0])
    s, s1 = sigma_z * n * 2 ** (1.5 * n) / np.sqrt(2), p / np.sqrt(2)
    law = LocalLaw(
        fractions=np.array([kappa, 1 - kappa]),
        gradient_variance=np.ones(2),
        jacobian_variance=variance,
        jacobian_covariance=variance,
        losses=np.array([[-s / (n * 2**n), -s1 / p], [s / (n * 2**n), 0.0]]),
        shifts=np.array([[-s, -s1], [-s, 0.0]]),
        signs=(1, 1),
        players=((0,), (1,)),
    )
    other = 1 - kappa
    constant = (
        6.5 * np.log(2)
        + 5 * np.log(np.pi)
        - kappa / 2 * np.log(p + sigma_z**2 * n * 2**n)
        - other / 2 * np.log(sigma_z**2 * n * 2**n)
        - kappa / 2 * np.log(kappa)
        - other / 2 * np.log(other)
    )
    return Annealed(law, constant)


def published_below(p, q, sigma_z, kappa, u_d, u_g):
    """Return the published Theta at or below two energies (arrays broadcast)."""
    annealed = published_annealed(p, q, sigma_z, kappa)
    u_d, u_g = np.broadcast_arrays(np.asarray(u_d, dtype=float), np.asarray(u_g, dtype=float))
    points = np.stack([u_d.ravel(), u_g.ravel()], axis=1)
    none = np.empty((0, 2))
    values = annealed.supremum(none, np.empty((len(points), 0)), annealed.law.losses, points).values
    return values.reshape(u_d.shape)


# -- figure 1: spectra ---------------------------------------------------------------------------------------------

SHIFTS = {"touching": 1.5, "merged": 1.1, "separate": 4.0}


def spectra(quick):
    """Return eigenvalues of sampled H beside its law, for merged, touching and separate bulks."""
    data = {}
    for name, x1 in SHIFTS.items():
        law = published_hessian(0.9, 1.0, 0.5, x1)
        streams = np.random.SeedSequence(2021).spawn(20 if quick else 100)
        samples = [np.linalg.eigvalsh(law.sample(300, rng=np.random.default_rng(s))) for s in streams]
        data[f"eigenvalues {name}"] = np.concatenate(samples)
        data[f"support {name}"] = law.support
    return data


def draw_spectra(data, axes):
    """Draw law over histogram, one panel per case."""
    for ax, (name, x1) in zip(axes[0], SHIFTS.items(), strict=True):
        spectrum(published_hessian(0.9, 1.0, 0.5, x1), data[f"eigenvalues {name}"], ax, bins=90)
        ax.set_title(f"{name}: $x_1 = {x1:g}$", fontsize="medium")
        ax.set_ylim(0, 0.55)
        ax.legend(frameon=False, loc="upper right", ncols=2)


# -- figure 4: the surface Theta(u_D, u_G) -------------------------------------------------------------------------

MODEL = {"p": 3, "q": 3, "sigma_z": 1.0, "kappa": 0.9}


def surface(quick):
    """Return Theta on a grid by the published constants and by the exact law, with both marginals."""
    count = 61 if quick else 201
    exact = complexity(gan(**MODEL))
    data = {}
    span = 1.3 * abs(exact.lowest_energy(loss=0))
    grids = {"published": np.linspace(-span, span, count), "exact": np.linspace(-span, span, count)}
    for name, u in grids.items():

        def rate(u_d, u_g, name=name):
            return published_below(**MODEL, u_d=u_d, u_g=u_g) if name == "published" else exact.below(u_d, u_g)

        data[f"u {name}"] = u
        data[f"theta {name}"] = rate(u[:, None], u[None, :])
        larger = np.maximum(rate(u, np.inf)[:, None], rate(np.inf, u)[None, :])
        data[f"excess {name}"] = data[f"theta {name}"] - larger
    return data


def draw_surface(data, axes):
    """Draw contour, slices and difference from the larger marginal; published above, exact below."""
    titles = {"published": "published constants", "exact": "exact law"}
    for row, (name, title) in zip(axes, titles.items(), strict=True):
        u, theta = data[f"u {name}"], data[f"theta {name}"]
        top = theta.max()
        floor = -2 * top  # far below, Theta falls like a square: the interest lies around zero
        filled(row[0], u, u, theta.T, levels=MaxNLocator(12).tick_values(floor, top))
        row[0].set_title(f"{title}: " r"$\Theta(u_D, u_G)$", fontsize="medium")
        frame(row[1])
        for i, share in enumerate((-0.8, -0.4, 0.0, 0.4)):
            j = int(np.argmin(np.abs(u - share * u[-1])))
            row[1].plot(u, theta[:, j], label=f"$u_G = {u[j]:.1f}$", **line(i))
        row[1].axhline(0, color=GREY, linewidth=0.8)
        row[1].set(xlabel="energy density $u_D$", ylabel=r"$\Theta$ (nats per dimension)")
        row[1].set(xlim=(u[0], u[-1]), ylim=(floor, 1.7 * top))
        row[1].set_title(f"{title}: slices", fontsize="medium")
        row[1].legend(frameon=False, loc="upper center", ncols=2)
        levels = MaxNLocator(12).tick_values(floor, 0)
        filled(row[2], u, u, data[f"excess {name}"].T, levels, "difference (nats per dimension)", cmap="cividis")
        row[2].set_title(f"{title}: " r"$\Theta$ $-$ larger marginal", fontsize="medium")


# -- figure 7: where local Nash equilibria disappear ---------------------------------------------------------------


def nash_complexity(p, q, sigma_z, kappa):
    """Return the complexity of local Nash equilibria: both players at a local minimum of their own loss."""
    return complexity(gan(p, q, sigma_z, kappa)).total(index=(0, 0))


def critical_noise(p, q, kappa, low=1e-8, high=1e2):
    """Return the sigma_z at which the complexity of local Nash equilibria vanishes; 0 if it is negative throughout."""
    if nash_complexity(p, q, low, kappa) <= 0:
        return 0.0
    root = brentq(lambda x: nash_complexity(p, q, np.exp(x), kappa), np.log(low), np.log(high), xtol=1e-12)
    return float(np.exp(root))


def nash_phases(quick):
    """Return critical sigma_z against kappa, and the complexity of (0, 0) against sigma_z at kappa = .9."""
    kappa = np.linspace(0.02, 0.98, 25 if quick else 97)
    sigma = np.geomspace(1e-5, 1.0, 41 if quick else 161)
    data = {"kappa": kappa, "sigma_z": sigma}
    for p, q in PAIRS:
        data[f"critical {p} {q}"] = np.array([critical_noise(p, q, k) for k in kappa])
        data[f"nash {p} {q}"] = np.array([nash_complexity(p, q, s, 0.9) for s in sigma])
    return data


def draw_nash_phases(data, axes):
    """Draw the phase diagram and the curves it comes from."""
    left, right = (frame(ax) for ax in axes[0])
    for i, (p, q) in enumerate(PAIRS):
        critical = data[f"critical {p} {q}"]
        left.plot(data["kappa"], np.where(critical > 0, critical, np.nan), label=f"$p={p},\\ q={q}$", **line(i))
        right.plot(data["sigma_z"], data[f"nash {p} {q}"], label=f"$p={p},\\ q={q}$", **line(i))
    left.set(yscale="log", xlim=(0, 1), xlabel=r"fraction of dimensions in the discriminator $\kappa$")
    left.set_ylabel(r"critical latent noise $\sigma_z^*$")
    left.set_title("local Nash equilibria abound below the curve", fontsize="medium")
    left.legend(frameon=False)
    right.axhline(0, color=GREY, linewidth=0.8)
    right.set(xscale="log", ylim=(-1.0, 0.2), xlim=(1e-5, 1.0), xlabel=r"latent noise $\sigma_z$")
    right.set_ylabel(r"complexity of index $(0, 0)$ (nats per dimension)")
    right.set_title(r"local Nash equilibria at $\kappa = 0.9$", fontsize="medium")


RECIPES = (
    Recipe("baskerville2021gan-1", "spectra of H: law and samples", spectra, draw_spectra, 1, 3, (11.0, 3.4)),
    Recipe("baskerville2021gan-4", "Theta(u_D, u_G), published and exact", surface, draw_surface, 2, 3, (13.0, 7.4)),
    Recipe(
        "baskerville2021gan-7",
        "where local Nash equilibria disappear",
        nash_phases,
        draw_nash_phases,
        1,
        2,
        (10.0, 4.0),
    ),
)
