"""Candidates for solutions in float64: improved, paired with their conjugates, told from each other."""

import numpy as np

STEPS = 8  # of Newton's method, at most
SLACK = 2.0**-50  # relative rounding of sums and differences of a few floats
SURE = 16  # times the estimated error, an imaginary part may be zero
SAME_KEY, SAME = 1e-9, 1e-8  # projections, and coordinates, of candidates that may be conjugates of each other
PAIRS = 100_000  # of boxes compared at a time, for memory


def newton(equations, z):
    """Return candidates improved by Newton's method while residuals fall, and which are real up to rounding."""
    with np.errstate(all="ignore"):
        value, noise, jacobian = equations.at_floats(z)
        residual = np.abs(value).max(axis=1)
        for _ in range(STEPS):
            step = np.einsum("pij,pj->pi", inverses(jacobian), value)
            new_value, new_noise, new_jacobian = equations.at_floats(z - step)
            new_residual = np.abs(new_value).max(axis=1)
            better = new_residual < residual
            if not better.any():
                break
            z = np.where(better[:, None], z - step, z)
            residual = np.where(better, new_residual, residual)
            value, noise = (np.where(better[:, None], a, b) for a, b in ((new_value, value), (new_noise, noise)))
            jacobian = np.where(better[:, None, None], new_jacobian, jacobian)
        error = np.einsum("pij,pj->pi", np.abs(inverses(jacobian)), noise + np.abs(value)).max(axis=1)
    return z, np.abs(z.imag).max(axis=1, initial=0) <= SURE * error


def inverses(matrices):
    """Return approximate inverses: pseudo-inverses where one is singular, zeros where entries are not finite."""
    finite = np.isfinite(matrices).all(axis=(1, 2))
    result = np.zeros_like(matrices)
    try:
        result[finite] = np.linalg.inv(matrices[finite])
    except np.linalg.LinAlgError:
        result[finite] = np.linalg.pinv(matrices[finite])
    return np.where(np.isfinite(result), result, 0)


def conjugates(z, nearly_real, signs):
    """Return the candidates to prove, and triples (conjugate up to sign of another candidate, this one, sign).

    Of all images of a candidate the one with the largest projection on a fixed vector stands for it.  The choice only
    saves work: candidates that are not recognised are proven one by one.
    """
    direction = np.cos(np.arange(1, z.shape[1] + 1)) + 1j * np.sin(np.sqrt(2) * np.arange(1, z.shape[1] + 1))
    images = np.stack([z, z.conj()], axis=1)[:, :, None, :] * signs
    projections = (images @ direction).real.reshape(len(z), 2 * len(signs))
    best = projections.argmax(axis=1)
    conjugated, sign = np.divmod(best, len(signs))
    image = images.reshape(len(z), 2 * len(signs), z.shape[1])[np.arange(len(z)), best]
    key = projections.max(axis=1, initial=-np.inf)
    order = np.argsort(key, kind="stable")
    close = np.diff(key[order], prepend=-np.inf, append=np.inf) < SAME_KEY
    followers = []
    for k in np.flatnonzero(close[1:-1] & ~close[:-2] & ~close[2:] & (np.diff(conjugated[order]) != 0)):
        p, q = order[k], order[k + 1]
        if np.abs(image[p] - image[q]).max() < SAME and not (nearly_real[p] or nearly_real[q]):
            followers.append((q, p, signs[sign[p]] * signs[sign[q]]))
    return np.setdiff1d(np.arange(len(z)), [q for q, _, _ in followers]), followers


def meeting(z, radii):
    """Return pairs i < j of boxes (maximum norm, real and imaginary parts) that may meet; all others are disjoint."""
    points = np.concatenate([z.real, z.imag], axis=1)
    # A projection on a generic direction separates most of them.
    direction = np.cos(np.arange(1, points.shape[1] + 1) ** 2)
    projections = points @ direction
    error = SLACK * points.shape[1] * (np.abs(points) @ np.abs(direction) + 1)
    spread = radii * np.abs(direction).sum() * (1 + SLACK * points.shape[1]) + error
    lower, upper = projections - spread, projections + spread
    order = np.argsort(lower)
    ends = np.searchsorted(lower[order], upper[order], side="right")
    counts = np.maximum(ends - np.arange(len(order)) - 1, 0)
    left = np.repeat(np.arange(len(order)), counts)
    right = left + 1 + np.arange(len(left)) - np.repeat(np.cumsum(counts) - counts, counts)
    pairs = np.sort(np.column_stack([order[left], order[right]]), axis=1)
    parts = np.array_split(pairs, 1 + len(pairs) // PAIRS)
    distance = np.concatenate(
        [np.abs(points[i] - points[j]).max(axis=1, initial=0) for i, j in (part.T for part in parts)]
    )
    return pairs[distance * (1 - SLACK) <= radii[pairs].sum(axis=1) * (1 + SLACK)].T
