"""The whole derivation of a game as a readable text: Markdown with LaTeX between double dollars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sympy

from spinglass.symbolic.closed_forms import closed_forms
from spinglass.symbolic.constructors import in_decimals
from spinglass.symbolic.covariance import covariance_table
from spinglass.symbolic.dyson import dyson
from spinglass.symbolic.elimination import elimination, mean_field
from spinglass.symbolic.local import local_law
from spinglass.symbolic.printing import write
from spinglass.symbolic.sigma import complexity, sphere

if TYPE_CHECKING:
    from spinglass.models.game import SphericalGame
    from spinglass.symbolic.game import SymbolicGame

CONVENTIONS = r"""Spheres have unit radius; sphere $s$ carries a fraction $\kappa_s$ of the $N$ dimensions. A field $f$
is Gaussian, centred, with $E f(x) f(x') = \xi(q_1, .., q_S)$ in the overlaps $q_s = x_s \cdot x'_s$; a loss is
$L = \sqrt{N} u$, so that $u$ is an energy per dimension. The index is the number of negative eigenvalues of a
player's own Hessian. The complexity is the natural logarithm of the mean number of equilibria, per dimension.
Subscripts of $\xi$ are derivatives, taken at $q = (1, .., 1)$."""

COVARIANCES = r"""Covariances of derivatives are derivatives of the covariance: differentiate $\xi(q(x, x'))$ by
coordinates of $x$ and of $x'$ and put $x' = x$. Around a pole $n_s$ we use a radius $1 + r_s$ and tangent coordinates
$y_s$ that follow the geodesics to second order,"""

COVARIANCES_2 = r"""so that second derivatives by $y$ are the Riemannian Hessian $H$. With
$R_s = x_s \cdot \partial_s f$ the radial derivative, and 1, 2 two tangent directions of a sphere $s$, or of another
one $t$, the result is"""

COVARIANCES_3 = r"""All covariances of the gradient with the value, the radial derivatives and the Hessian vanish: the
gradient is independent of them, and of the gradients on the other spheres. The last lines say what the
Hessian is: freed of its radial part, $F = H + R_s$ on the diagonal of sphere $s$, it is independent of all scalars,
with independent entries and a doubled variance on the diagonal. So $H$ is a Gaussian matrix of the GOE kind, shifted by
$-R_s$."""

LAW = r"""Let $c_{sj}$ be the weight of field $j$ in the loss of the player who moves sphere $s$. Summing over the
fields, the gradient on sphere $s$ has the variance $V_s$ per component; the entries of block $(s, t)$ of the Jacobian
have the variance $v_{st}$ and the covariance $\tau_{st}$ with the transposed entry; block $s$ is shifted by $d_s$:"""

NORMALS = r"""The scalars of each field are correlated Gaussians; we write them with as few independent standard normals
$w$ as their covariance has rank (a homogeneous field has $R = p f$ and needs no second one). Losses and shifts
are then linear in $w$. For this game"""

SYMMETRIC = r"""At large $N$ the resolvent $(J - z)^{-1}$ of the Jacobian (rows flipped where
$\tau_{st} = -v_{st}$, which makes it symmetric) has on the diagonal of block $s$ a number $g_s$. Removing one row and
averaging over its entries gives the Dyson equations, of which the solution with all $g_s$ in the upper half-plane for
$z$ there is meant:"""

POTENTIAL = r"""They are the conditions of stationarity of one function, whose real part at $z = 0$ is the
log-determinant per dimension, $\Psi(d) = \mathrm{Re}\, \Phi$; no integral over a density is needed:"""

GENERAL = r"""No flip of rows makes this Jacobian symmetric: a coupling acts on one player otherwise than on the other.
The resolvent of the hermitised Jacobian has three unknowns per species, two diagonal ones $p_s, q_s > 0$ and one
between, $b_s$. At $z = 0$ they satisfy"""

GENERAL_POTENTIAL = r"""Outside the support of the spectrum $p = q = 0$. The log-determinant is stationary in all
of them:"""

KAC_RICE = r"""The Kac-Rice formula is exact at every $N$: the mean number of equilibria is the volume of the spheres,
times the density of the gradients at 0, times the mean of $|\det J|$. With $N_s = \kappa_s N$ and $J$ divided by
$\sqrt{N}$, volume, density and scale of sphere $s$ give together"""

STIRLING = r"""\frac{1}{N}\log\left[ \frac{2\pi^{N_s/2}}{\Gamma(N_s/2)} (2\pi V_s)^{-N_s/2} N^{N_s/2} \right] \to
\frac{\kappa_s}{2}\left[ 1 - \log(\kappa_s V_s) \right] .""".replace("\n", " ")

LEADING = r"""The normals, rescaled by $\sqrt{N}$, have the weight $\exp(-N|w|^2/2)$. To leading order in $N$ the
integral over them is a supremum of"""


def derivation(model: SphericalGame | SymbolicGame) -> str:
    r"""Return the derivation of a game's complexity as a Markdown document with LaTeX.

    Parameters
    ----------
    model : SymbolicGame or SphericalGame

    Returns
    -------
    str
        Every displayed formula stands between double dollars, without environments.  Floats are the decimals that
        were typed, as fractions.

    Raises
    ------
    TypeError
        If it is no game.

    References
    ----------
    Auffinger, Ben Arous, Cerny (2013), Random matrices and complexity of spin glasses; Baskerville, Keating,
    Mezzadri, Najnudel (2022), A spin glass model for the loss surfaces of generative adversarial networks.

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.symbolic.constructors import pure
    >>> print(sg.symbolic.derivation(pure()).splitlines()[0])
    # The complexity of a spherical game, step by step
    """
    law = local_law(in_decimals(model)[0])
    system = dyson(law)
    parts = ["# The complexity of a spherical game, step by step", *_game(law), *_covariances(), *_law(law)]
    parts += [*_dyson(system), *_polynomial(system), *_complexity(law), *_closed(law)]
    return "\n\n".join(parts) + "\n"


def _display(formulas):
    return [f"$${formula}$$" for formula in formulas]


def _statements(pairs):
    return _display(f"{left} = {write(right)}" if left else write(right) for left, right in pairs)


def _game(law):
    game = law.game
    moves = "; ".join(
        f"player {a + 1} moves {'sphere' if len(moved) == 1 else 'spheres'} {', '.join(str(s + 1) for s in moved)}"
        for a, moved in enumerate(game.players)
    )
    text = f"The game has {_count(len(game.fractions), 'sphere')} and {_count(len(game.losses), 'loss')}: {moves}."
    return ["## Conventions", CONVENTIONS, "## The game", text, *_display(game.formulas())]


def _count(n, word):
    return f"{n} {word}" if n == 1 else f"{n} {word}{'es' if word.endswith('s') else 's'}"


def _covariances():
    chart = [r"x_s = (1 + r_s)\left[ (1 - |y_s|^2/2)\, n_s + y_s \right] + O(|y|^3)"]
    table = _display(covariance_table().formulas())
    head = "## Step 1. Value, gradient and Hessian of one field"
    return [head, COVARIANCES, *_display(chart), COVARIANCES_2, *table, COVARIANCES_3]


def _law(law):
    rule = [
        r"V_s = \sum_j c_{sj}^2\, \xi_{j,s}, \quad v_{st} = \sum_j c_{sj}^2\, \xi_{j,st}, \quad "
        r"\tau_{st} = \sum_j c_{sj} c_{tj}\, \xi_{j,st}, \quad d_s = -\sum_j c_{sj} R_{js}"
    ]
    return ["## Step 2. The local law", LAW, *_display(rule), NORMALS, *_display(law.formulas())]


def _dyson(system):
    symmetric = system.law.signs is not None
    (*equations, potential) = _display(system.formulas())
    words = (SYMMETRIC, POTENTIAL) if symmetric else (GENERAL, GENERAL_POTENTIAL)
    return ["## Step 3. The Dyson equations", words[0], *equations, words[1], potential]


def _polynomial(system):
    head = "## Step 4. Elimination"
    if system.law.signs is None:
        return [head, "The equations of a Jacobian without symmetry are solved numerically, by continuation."]
    if len(system.unknowns) > 2:
        return [
            head,
            "There is no short polynomial; the equations are solved numerically, from far above the real axis.",
        ]
    result = elimination(system)
    degree = result.generic.degree()
    kind = {2: "a quadratic", 3: "a cubic", 4: "a quartic"}.get(degree, f"a polynomial of degree {degree}")
    text = "Clearing denominators" if degree == 2 else "Clearing denominators and taking the resultant in $g_2$"
    parts = [head, f"{text} leaves {kind} in $g_1$:", *_display(result.formulas()[:-1])]
    edges = "Two of its roots meet, and an edge of the spectrum passes through $z$, where the discriminant vanishes:"
    parts += [edges, _display(result.formulas())[-1]]
    return parts + _mean_field(system)


def _mean_field(system):
    try:
        result = mean_field(system)
    except ValueError:
        return []
    text = r"Here $v_{12} = v_{22}$, and the mean field $S$ of the second species solves a quartic of its own, from "
    text += r"which $g_2 = 1/(\epsilon_2 d_2 - z - S)$ with the sign $\epsilon_2$ of the flip:"
    return [text, *_display(result.formulas()[:-1])]


def _complexity(law):
    volume = r"\Sigma(w) = \frac{1}{2} - \frac{1}{2}\sum_s \kappa_s \log(\kappa_s V_s) + \Psi(d) - \frac{1}{2}|w|^2 ."
    parts = ["## Step 5. The complexity", KAC_RICE, *_display([STIRLING]), LEADING, *_display([volume])]
    if len(law.fractions) > 1:
        text = "The complexity at given energies is its largest value with the losses held there, the total without "
        text += "any condition. With the Dyson solution left implicit it reads"
        return [*parts, text, *_statements([(r"\Sigma", complexity(law).outline)])]
    return parts + (_pure(law) if sphere(law).single_degree else _mixture())


def _pure(law):
    text = "One degree ties the shift to the energy, and nothing is left to maximise. With $u$ the energy,"
    branches = [rf"\Sigma(u) = {write(x)} \quad ({_where(c)})" for x, c in complexity(law).args]
    cost = "The difference of the two is the cost of pulling one eigenvalue out of the semicircle; points of index $k$ "
    return [text, *_display(branches), cost + r"pay it $k+1$ times and exist below minus $E_\infty$."]


def _where(condition):
    return r"\mathrm{otherwise}" if condition == sympy.true else write(condition)


def _mixture():
    text = r"Given the energy $u$, the shift $d$ is Gaussian with mean $d_0$ and variance $s^2$, in the numbers "
    text += r"$v_0 = \xi(1)$, $x_1 = \xi'(1)$, $x_2 = \xi''(1)$ of the mixture. The supremum over $d$ is closed:"
    lines = [
        r"d_0 = -\frac{x_1 u}{v_0}, \quad s^2 = x_1 + x_2 - \frac{x_1^2}{v_0}",
        r"\Sigma(u) = \frac{1}{2}\log\frac{x_2}{x_1} - \frac{u^2}{2 v_0} + \frac{d^2}{4 x_2} - I(y) - "
        r"\frac{(d - |d_0|)^2}{2 s^2}, \quad y = \frac{d}{2\sqrt{x_2}}",
        r"I(y) = y\sqrt{y^2 - 1} - \log\left( y + \sqrt{y^2 - 1} \right) \ (y > 1), \quad I(y) = 0 \ (y \leq 1)",
        r"d = \frac{2 x_2 |d_0|}{2 x_2 - s^2} \quad (s^2 - 2 x_2 + \sqrt{x_2}\, |d_0| \leq 0)",
        r"d = \sqrt{x_2}\left( t + \frac{1}{t} \right), \quad t = \frac{\sqrt{x_2}\, |d_0| + "
        r"\sqrt{x_2 d_0^2 + 4 x_2 (s^2 - x_2)}}{2 x_2} \quad (\mathrm{otherwise})",
    ]
    return [text, *_display(lines)]


def _closed(law):
    head = "## Step 6. Closed forms"
    try:
        forms = closed_forms(law)
    except NotImplementedError:
        return [head, "The supremum has no closed form here; it is found numerically."]
    if len(law.fractions) == 1:
        text = (
            r"Below minus $E_\infty$ the Hessians of typical points are positive. The totals are, of all points and of "
        )
        text += r"any fixed index, which lie at the energy $u_k$,"
        if not sphere(law).single_degree:
            text += " and the sign of $G$ tells pure-like mixtures (positive) from full ones (negative):"
        return [head, text, *_display(forms.formulas())]
    text = r"At $w = 0$ the Dyson equations are a quadratic. Its solution $a$ is the first entry of a matrix "
    text += r"$\kappa_s \kappa_t v_{st} p_s q_t$ whose row and column sums are $\kappa_s$ (in a symmetric "
    text += r"Jacobian $p_s = q_s = |g_s|$). The height there, which is the total wherever no other $w$ is higher, is"
    return [head, text, *_display(forms.formulas())]
