r"""The Dyson equation of two species, a quartic, solved in compiled code.

In scaled unknowns the equation reads, for :math:`\mathrm{Im}\, a_s \le 0`,

.. math:: \kappa_1/x_1 = a_1 - w_{11} x_1 - c x_2, \qquad \kappa_2/x_2 = a_2 - c x_1 - w_{22} x_2 .

With :math:`w = \kappa_1/x_1` and :math:`Q = w^2 - a_1 w + w_{11}\kappa_1` the second unknown drops out,

.. math:: w_{22} Q^2 + (a_2 c w - c^2\kappa_1) Q + \kappa_2 c^2 w^2 = 0 ,

monic in w after division.  Each of its roots names a candidate; Newton's method on the pair removes the
rounding of the closed form, and the physical branch is the one with both imaginary parts positive or, if
there is none, the real one whose matrix :math:`g_s^2 v_{st}\kappa_t` has spectral radius below 1.
"""

import numpy as np

from spinglass.running.compiled import part


@part
def quartic_roots(b, c, d, e):
    """Return the roots of w^4 + b w^3 + c w^2 + d w + e by Ferrari's method."""
    p = c - 0.375 * b * b
    q = d - 0.5 * b * c + 0.125 * b * b * b
    r = e - 0.25 * b * d + 0.0625 * b * b * c - 3.0 / 256.0 * b * b * b * b
    # resolvent cubic m^3 + p m^2 + (p^2/4 - r) m - q^2/8 = 0, its root of largest size by Cardano
    u = -p * p / 12.0 - r
    v = -p * p * p / 108.0 + p * r / 3.0 - 0.125 * q * q
    root = np.sqrt(0.25 * v * v + u * u * u / 27.0)
    cube = -0.5 * v + root
    other = -0.5 * v - root
    if abs(other) > abs(cube):
        cube = other
    best = -p / 3.0 + 0j
    if cube != 0:
        k = np.exp(np.log(cube) / 3.0)
        turn = complex(-0.5, 0.8660254037844386)
        best_size = -1.0
        for _ in range(3):
            m = k - u / (3.0 * k) - p / 3.0
            if abs(m) > best_size:
                best, best_size = m, abs(m)
            k *= turn
    if best == 0:
        y = np.sqrt(np.sqrt(-r + 0j))
        return y - 0.25 * b, -y - 0.25 * b, 1j * y - 0.25 * b, -1j * y - 0.25 * b
    s = np.sqrt(2.0 * best)
    t = q / s
    first = np.sqrt(-2.0 * p - 2.0 * best - 2.0 * t)
    second = np.sqrt(-2.0 * p - 2.0 * best + 2.0 * t)
    shift = -0.25 * b
    return (
        shift + 0.5 * (s + first),
        shift + 0.5 * (s - first),
        shift + 0.5 * (-s + second),
        shift + 0.5 * (-s - second),
    )


@part
def semicircle_branch(a, k, w):
    """Return x with k/x = a - w x: positive imaginary part for Im a <= 0 inside the cut, the small root outside."""
    if w == 0:
        return k / a if a != 0 else complex(np.inf, 0.0)
    root = np.sqrt(a * a - 4.0 * w * k)
    # the physical root lies in the half-plane of a; on the real axis it is -i|root| on the cut, of a's sign outside
    if a.imag == 0.0 and a.real * a.real < 4.0 * w * k:
        root = -1j * abs(root)
    elif root.imag > 0.0 or (root.imag == 0.0 and root.real * a.real < 0.0):
        root = -root
    return 2.0 * k / (a + root)


@part
def polish(x1, x2, k1, k2, w11, w22, c, a1, a2):
    """Improve a root of the pair by Newton's method; return it and the relative size of the last step."""
    last = np.inf
    for _ in range(40):
        f1 = a1 - w11 * x1 - c * x2 - k1 / x1
        f2 = a2 - c * x1 - w22 * x2 - k2 / x2
        j1 = k1 / (x1 * x1) - w11
        j2 = k2 / (x2 * x2) - w22
        det = j1 * j2 - c * c
        if det == 0:
            break
        s1 = -(f1 * j2 + f2 * c) / det
        s2 = -(f2 * j1 + f1 * c) / det
        step = max(abs(s1) / abs(x1), abs(s2) / abs(x2))
        if not step < 1e8:
            return x1, x2, np.inf
        if step > 0.5:  # stay near the candidate: a long step means that it is not a root
            s1, s2 = 0.5 * s1 / step, 0.5 * s2 / step
        if step < 1e-6 and step >= last:
            break
        x1 += s1
        x2 += s2
        last = step
        if step < 1e-15:
            break
    return x1, x2, last


@part
def is_stable(x1, x2, k1, k2, w11, w22, c):
    """Tell whether a real solution is the physical one: spectral radius of g_s^2 v_st kappa_t below 1."""
    j1 = k1 / (x1 * x1) - w11
    j2 = k2 / (x2 * x2) - w22
    return j1 > 0 and j2 > 0 and j1 * j2 > c * c


@part
def solve_bilinear(k1, k2, c, a1, a2):
    """Return the physical (x1, x2) and True for w11 = w22 = 0, where y = a1 x1 obeys a quadratic; or False."""
    # at a vanishing shift one unknown may diverge; their product, which enters Psi, does not
    a1 = a1 if abs(a1) > 1e-30 else 1e-30 + 0j
    a2 = a2 if abs(a2) > 1e-30 else 1e-30 + 0j
    half = 0.5 * (a1 * a2 / c + k1 - k2)
    product = k1 * a1 * a2 / c
    root = np.sqrt(half * half - product)
    large = half + root if abs(half + root) > abs(half - root) else half - root
    small = product / large
    if a1.imag == 0.0 and a2.imag == 0.0 and root.imag == 0.0:
        # both are real: the stable one has the smaller product x1 x2 = (y - k1)/c, and the two have one sign
        if (large.real > small.real) == (a1.real * a2.real > c * (k1 + k2)):
            large, small = small, large
        x1, x2 = bilinear_pair(large, k1, k2, c, a1, a2)
        return x1.real + 0j, x2.real + 0j, True
    for y in (large, small):
        x1, x2 = bilinear_pair(y, k1, k2, c, a1, a2)
        if x1.imag > 0.0 and x2.imag > 0.0:
            return x1, x2, True
    return 0j, 0j, False


@part
def bilinear_pair(y, k1, k2, c, a1, a2):
    """Return x1 = y/a1 and x2 in the form without cancellation."""
    x1, other = y / a1, y + k2 - k1
    return x1, (other / a2 if abs(other) > k2 else k2 / (a2 - c * x1))


@part
def quartic_of_pair(k1, k2, w11, w22, c, a1, a2):
    """Return the four roots w = k1/x1 that the pair may have."""
    f = (a2 * c) / w22
    h = c * c * k1 / w22
    q1, q0 = -a1, w11 * k1
    return quartic_roots(
        2.0 * q1 + f,
        q1 * q1 + 2.0 * q0 + f * q1 - h + k2 * c * c / w22,
        2.0 * q1 * q0 + f * q0 - h * q1,
        q0 * q0 - h * q0 + 0j,
    )


@part
def solve_coupled(k1, k2, w11, w22, c, a1, a2):
    """Return the physical (x1, x2) and True for w22 > 0 and c > 0, or False if no root passes the test."""
    roots = quartic_of_pair(k1, k2, w11, w22, c, a1, a2)
    # first the solutions in the open upper half-plane: there is at most one, and it misses the first equation least
    left = 15  # a bit per root
    while left:
        best, least = -1, np.inf
        for i in range(4):
            if left >> i & 1 and roots[i].imag < 0.0:
                x1 = k1 / roots[i]
                missed = abs(a1 - w11 * x1 - c * semicircle_branch(a2 - c * x1, k2, w22) - roots[i])
                if missed < least:
                    best, least = i, missed
        if best < 0:
            break
        left ^= 1 << best
        x1 = k1 / roots[best]
        x2 = semicircle_branch(a2 - c * x1, k2, w22)
        x1, x2, step = polish(x1, x2, k1, k2, w11, w22, c, a1, a2)
        if step < 1e-7 and x1.imag > 1e-13 * abs(x1) and x2.imag > 1e-13 * abs(x2):
            return x1, x2, True
    if a1.imag == 0.0 and a2.imag == 0.0:
        for w in roots:  # then the stable real one
            if w.real == 0.0:
                continue
            r1 = k1 / w.real
            b2 = a2.real - c * r1
            if b2 * b2 < 4.0 * w22 * k2:
                continue
            r2 = semicircle_branch(b2 + 0j, k2, w22).real
            r1, r2, step = polish(r1, r2, k1, k2, w11, w22, c, a1.real, a2.real)
            if step < 1e-7 and is_stable(r1, r2, k1, k2, w11, w22, c):
                return r1 + 0j, r2 + 0j, True
    return 0j, 0j, False


@part
def solve_pair(k1, k2, w11, w22, c, a1, a2):
    """Return the physical (x1, x2) and True, or False if no candidate passes the test of the branch."""
    if c == 0.0:  # two semicircles
        return semicircle_branch(a1, k1, w11), semicircle_branch(a2, k2, w22), True
    if w11 == 0.0 and w22 == 0.0:
        return solve_bilinear(k1, k2, c, a1, a2)
    swap = w22 == 0.0
    if swap:
        k1, k2, w11, w22, a1, a2 = k2, k1, w22, w11, a2, a1
    x1, x2, good = solve_coupled(k1, k2, w11, w22, c, a1, a2)
    if swap:
        x1, x2 = x2, x1
    return x1, x2, good
