"""What the figures show, with which parameters, and what differs from the paper and its published code."""

CODE = (
    "The constants are those of the code published with the paper; it is the code that was read here. "
    "The exact law follows from the covariance and is checked against sampled matrices and solved games."
)

CAPTIONS: dict[int, dict[str, str]] = {
    1: {
        "claim": "The spectrum of $H$ has one bulk or two, and the law gives its density and its edges: at $x_1 = 1.5$ "
        "the bulks nearly touch, at 1.1 they have merged, at 4 they are apart.",
        "parameters": r"$\kappa = 0.9$, $b = 1$, $b_1 = 0.5$; 100 matrices of size 300 (quick: 20).",
        "published": "Density from the roots of a quartic polynomial, at these parameters.",
        "differs": "The law is that of the whole family: away from these parameters the published code has a sign in "
        "its polynomial with which the mass is 0.84 to 0.93 instead of 1.",
    },
    2: {
        "claim": r"At $N = 50$ the sampled $\frac1N \log E|\det(H - x)|$ lies within $\frac1N\log N$ of the limit, for "
        "the published constants and for the exact law, which are two different matrices: the exact one has the deeper "
        "minimum.",
        "parameters": r"$p = q = 3$, $\sigma_z = 1$, $\kappa = 0.9$; $x_1 = -90, -45, 0, 45, 90$; $N = 50$, 3000 "
        "matrices a panel (quick: 300).",
        "published": "Theory against Monte Carlo, with the published constants.",
        "differs": CODE,
    },
    3: {
        "claim": "By the published constants the energies are functions of the two shifts, and what they bound is a "
        "part of the plane; along it the exponent still grows to the left of the drawn part. By the exact law three "
        "normals stand behind two shifts, the likely ones lie along a line, and the bounds change nothing between "
        "the dashed lines.",
        "parameters": r"$p = q = 3$, $\sigma_z = 1$, $\kappa = 0.9$; $u_D \le 5$, $u_G \le 0.5$. Both laws on the same "
        "axes and in the same colours; white line: exponent 0.",
        "published": r"$B = \{x < n 2^n u_G,\ x_1 > -p x/(n 2^n) - p u_D\}$, $n = p + q$.",
        "differs": CODE,
    },
    4: {
        "claim": r"By the exact law $\Theta$ is at most 0.6187, and the zero line bounds both energies from below. "
        "Above the dashed line one of the two conditions says nothing: there the surface is the smaller of its "
        "marginals. By the published constants it is at most 14.6.",
        "parameters": r"$p = q = 3$, $\sigma_z = 1$, $\kappa = 0.9$; both energies up to 1.3 times the lowest $u_D$.",
        "published": r"Contours and slices of $\Theta$, and $\Theta$ minus the larger marginal.",
        "differs": r"The smaller marginal is subtracted: $\Theta$ cannot exceed it. The published constant $K$ is too "
        r"large by 9.38: a discriminator alone must give $\frac12\log(p-1)$.",
    },
    5: {
        "claim": r"By the exact law no equilibria of finite index are left at $\sigma_z = 1$ (those of index 0, 0 have "
        r"complexity $-2.545$). At $\sigma_z = 0.001$ some are left, in bands: the lower the energies, the fewer "
        "negative eigenvalues. The published constants give bands at both, at much lower $u_D$.",
        "parameters": r"$p = q = 3$, $\kappa = 0.9$; $u_G$ in units of $\sigma_z$. Boundaries are zeros found along "
        "rising lines, not on a grid; bands of $k_D$ at $k_G = 0$ and the other way round.",
        "published": r"Largest $k_D$, $k_G$ from 0 to 29 of positive complexity, at $\sigma_z = 1$.",
        "differs": f"The lower two rows are at a smaller coupling than the paper's. {CODE}",
    },
    6: {
        "claim": "At large noise the lowest $u_D$, the lowest $u_G$ and the largest $|u_D - u_G|$ grow like "
        r"$\sigma_z$; their common field cancels in $u_D + u_G$, whose lowest value changes by less than a factor of "
        "1.5. The share of the discriminator changes none of them by more than a quarter. The published constants "
        "give values larger by 1.8 to 3.9.",
        "parameters": r"$\sigma_z$ from $10^{-5}$ to $10^2$ (60 points, $\kappa = 0.9$), $\kappa$ from 0.05 to 0.95 "
        r"(50 points, $\sigma_z = 1$), seven pairs $p, q$; absolute values; solid: exact law, dashed: published "
        "constants. Quick: 17 and 7 points.",
        "published": "The same sweeps, of 6.5 to 9 core-hours a point by the public code.",
        "differs": f"Found by a root search, not on a grid. {CODE}",
    },
    7: {
        "claim": r"Local Nash equilibria abound at small latent noise and disappear at a critical $\sigma_z^*$ of "
        "0.0003 to 0.015, which depends on the sizes of both networks. Noise only lowers their complexity.",
        "parameters": r"$p, q$ = 2, 2; 3, 3; 5, 5; 3, 5; 5, 3; $\kappa$ from 0.02 to 0.98; on the right $\kappa = "
        r"0.9$. $\sigma_z^*$ is a zero, found to $10^{-12}$ in $\log\sigma_z$.",
        "published": "",
        "differs": "The paper has no such diagram.",
    },
    8: {
        "claim": "Brute force on drawn games, Monte Carlo of the Kac-Rice formula and (on two circles) its exact "
        "integral agree for every pair of indices.",
        "parameters": r"$p = 2$, $q = 1$, $\sigma_z = 0.5$, $\kappa = 0.6$; two circles and two spheres; 600 drawn "
        "games (quick: 60), 100000 samples (quick: 4000); bars are two standard errors.",
        "published": "",
        "differs": "The paper has no counts in small games.",
    },
    9: {
        "claim": "Only at large noise does a trained loss follow the theory, and only that of the discriminator. Its "
        r"lowest value is 0.5 to 0.6 up to $\sigma_z = 0.008$, where $u_D$ hardly moves either; it rises to "
        "1.1 at 0.12, which $u_D$ does not, and falls with $u_D$ from there on, to 0.0013. The lowest loss "
        "of the generator rises from 0.75 to 2.3 where $u_G$ falls. Rank correlations with the energies: "
        "0.51 [0.37, 0.52] and $-0.57$ [$-0.78$, $-0.42$]; 13 points in random order exceed 0.55 in size in "
        "one case of 20. At the end of training neither loss follows the energies ($-0.01$ and 0.01). With "
        r"$\kappa$ one loss falls and the other rises, while both energies are lowest near equal shares "
        "(0.26 and $-0.26$, of 6 points). Both laws order the points alike: the experiment does not tell "
        "them apart.",
        "parameters": r"A convolution and a dense layer each, 1205 parameters of both (1188 to 1213 along $\kappa$), 6 "
        "latent numbers; the 1797 digits of scikit-learn, batches of 64, 700 steps of Adam (rate 0.003), "
        r"windows of 50 steps, 8 seeds (quick: 60 steps, windows of 20, 2 seeds). $\sigma_z$: 13 (3) points "
        r"at $\kappa = 0.5$; $\kappa$: 6 (2) points at $\sigma_z = 1$. Energies at $p = q = 5$. Bars: two "
        "standard errors; intervals: 95% over resampled seeds.",
        "published": r"By the public code: a DCGAN on CIFAR-10, 60 points of $\sigma_z$ and 50 of $\kappa$, 30 runs of "
        "50 epochs each; the lowest loss of a single batch, mean over runs, smoothed over five points of a "
        "sweep, beside the lowest energies of the published constants.",
        "differs": "The public code was read, the paper was not. Networks and images are small, without batch "
        "normalisation; losses are means of windows and not smoothed over points (by single batches the "
        r"correlations with $\sigma_z$ are 0.48 and $-0.70$); $\kappa$ counts parameters, there it divides "
        "channels.",
    },
}
