r"""A spectrum that probes know, as a fit asks for it: which eigenvalues could be outliers, and the bulk without them.

Of m steps the modes up to 2m - 1 are exact, and by those up to 2(m - 1) the covariance of half as many is known.  With
half of them a law is found, with the covariance of the laws within its errors all of them are used.  The nodes that
have settled farther out are eigenvalues, whatever weight the probes gave them.  Off j of them a vector that is uniform
on the sphere is so again: what is left of a rule, divided by its weight, is one of a matrix of n - j rows and m - j
steps, and the scatter of the weights at outliers is gone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.special import chdtri, ndtri

from spinglass.spectra.data.fitting.criteria import STEP
from spinglass.spectra.data.fitting.expected import expected_modes
from spinglass.spectra.data.fitting.given import ENOUGH, INNER, Eigenvalues
from spinglass.spectra.data.fitting.outside.outlier_rule import Chosen, limits
from spinglass.spectra.data.fitting.probes import probed_calibration
from spinglass.spectra.data.fitting.probes.probed_spectrum import MOST, ProbedSpectrum, better
from spinglass.spectra.data.fitting.spectrum import COINCIDE, PAD
from spinglass.spectra.data.products.lanczos_spectrum import LanczosSpectrum
from spinglass.spectra.data.products.scatter import pooled
from spinglass.spectra.free.inverse import hull

SETTLED = 0.01  # of the width of the bulk: what has a smaller residual is an eigenvalue
SEVERAL = 1e-6  # chance with which one eigenvalue has the weight of several
REFUSED = 6  # standard deviations of a sum of squares beyond which a law is not that of the modes
FAR = 0.5  # in the coordinates: errors beyond which a law is not looked at
LEAST = 1e-3  # of the weight of an eigenvalue: nodes that have it are in the interval


@dataclass(frozen=True)
class Probes:
    """The result of Lanczos: only eigenvalues that have settled are known, and could be outliers."""

    data: LanczosSpectrum

    @property
    def n(self):
        """Number of rows of the operator."""
        return self.data.n

    @cached_property
    def _nodes(self):
        """Return nodes of all rules, their residuals and weights, and behind them the extremes, which weigh nothing."""
        rules, ends = self.data.rules, self.data.extremes
        nodes = np.concatenate([*(rule.nodes for rule in rules), ends.bottom, ends.top])
        residuals = np.concatenate([*(rule.residuals for rule in rules), ends.bottom_error, ends.top_error])
        weights = np.concatenate([rule.weights for rule in rules]) / len(rules)
        return nodes, residuals, np.pad(weights, (0, len(nodes) - len(weights)))

    @cached_property
    def _known(self):
        """Return places and errors of eigenvalues, ascending, and for each node which of them it is, -1 for none.

        The nodes with the least residuals come first; what is as near to one as the residuals of both is the same.
        """
        nodes, residuals, _ = self._nodes
        low, _, high = self._inner
        rounding = 100 * self.data.rounding * np.abs(nodes).max()
        places, errors, which = np.empty(0), np.empty(0), np.full(nodes.size, -1)
        for i in np.argsort(residuals, kind="stable"):
            if residuals[i] > max(SETTLED * (high - low), rounding):
                break
            apart = np.abs(places - nodes[i]) - (errors + residuals[i] + rounding)
            if not (apart <= 0).any():
                places, errors = np.append(places, nodes[i]), np.append(errors, max(residuals[i], rounding))
            which[i] = np.argmin(np.append(apart, 0.0))
        order = np.argsort(places)
        return places[order], errors[order], np.append(np.argsort(order), -1)[which]

    @cached_property
    def _single(self):
        """Return a mask of the known eigenvalues that are one each, not several at one place."""
        places, _, which = self._known
        shares = np.bincount(which[which >= 0], self._nodes[2][which >= 0], minlength=places.size)
        extremes = which[-len(self.data.extremes.bottom) - len(self.data.extremes.top) :]
        twice = np.bincount(extremes[extremes >= 0], minlength=places.size) > 1
        return (self.n * shares <= chdtri(self.data.probes, SEVERAL) / self.data.probes) & ~twice

    @property
    def places(self):
        """Return the places of eigenvalues that are known, as a row."""
        return self._known[0][self._single][None]

    def place_errors(self, outliers):
        """Return within which distance of its place each outlier is."""
        places, errors, _ = self._known
        return errors[np.searchsorted(places, outliers)]

    @property
    def centre(self):
        """The place from which outliers are far."""
        return self._inner[1]

    def centre_and_width(self):
        """Return the median and about the width of the bulk, which outliers and atoms hardly move."""
        low, middle, high = self._inner
        return float(middle), float(2 * (high - low) or abs(middle) or 1.0)

    @cached_property
    def _inner(self):
        """Return places below which the share INNER, the half, and all but that share of the light nodes lie."""
        nodes, weights, settled = pooled(self.data.rules, self.data.rounding)
        light = np.arange(nodes.size) >= settled
        nodes, weights = (nodes[light], weights[light]) if light.any() else (nodes, weights)
        order = np.argsort(nodes)
        below = np.cumsum(weights[order]) / weights.sum()
        return nodes[order][np.searchsorted(below, [INNER, 0.5, 1 - INNER])]

    # -- what is asked for, against what is known ----------------------------------------------------------------------

    def errors(self, word, criterion, ensemble):
        """Return what errors come from, by the word of the user."""
        if word not in (None, "auto", "probes"):
            raise ValueError(f"errors: expected 'probes' or None for a spectrum from sg.spectra.lanczos, got {word!r}")
        if criterion == "cramer":
            raise ValueError("criterion: expected 'likelihood' or 'moments' for a spectrum from probes, got 'cramer'")
        if ensemble is not None:
            raise ValueError(f"ensemble: expected None for errors of probes, which sample no matrix, got {ensemble!r}")
        return word and "probes"

    def enough(self, names, outliers):
        """Refuse fewer steps than parameters and outliers ask for, and outliers that have not settled."""
        what = f"for {len(names)} parameters ({', '.join(names)}) and {outliers} outliers"
        if self.n < ENOUGH * len(names) + outliers:
            raise ValueError(f"eigenvalues: expected at least {ENOUGH * len(names) + outliers} {what}, got {self.n}")
        if outliers > self.places.size:
            raise ValueError(
                f"outliers: expected at most {self.places.size}, the single eigenvalues that have settled, got "
                f"{outliers}; try more steps, or sg.spectra.lanczos(.., extremes={outliers})"
            )
        least, steps = len(names) + 1 + outliers, self._open_steps
        if steps is not None and steps < least:
            raise ValueError(f"eigenvalues: expected a spectrum of at least {least} steps {what}, got {steps}")

    @property
    def _open_steps(self):
        """Steps of the shortest rule that is not the measure itself, None if there is none."""
        rules = zip(self.data.lengths, self.data.rules, strict=True)
        return min((int(steps) for steps, rule in rules if not rule.closed), default=None)

    # -- the bulk ------------------------------------------------------------------------------------------------------

    def starts(self):
        """Yield masks to begin with: nothing outside, and what lies beyond all nodes that have not settled."""
        loose = self._nodes[0][self._known[2] < 0]
        if not loose.size:
            yield from Eigenvalues(self.places).starts()
            return
        yield np.zeros(self.places.shape, bool)
        yield (self.places < loose.min()) | (self.places > loose.max())

    def limits(self, criterion, found, rate):
        """Return the places beyond which a bulk with the fitted law, whose ends have errors, reaches at the rate."""
        data, u = criterion.seen(found.data), found.coordinates
        middle, reach = (np.array(limits(found.law, self.n, one)) for one in (1.0, rate))
        moved = [hull(criterion.family.law(u + sign * step)) for step in STEP * np.eye(u.size) for sign in (1, -1)]
        slopes = (np.array(moved[::2]) - np.array(moved[1::2])) / (2 * STEP)
        errors = np.linalg.norm(
            probed_calibration.inverted(criterion.slopes(u, data)[: data.orders]).T @ slopes, axis=0
        )
        low, high = middle + [-1, 1] * np.hypot(reach - middle, ndtri(1 - rate / 2) * errors)
        return low, high

    def spectrum(self, outliers, apart):
        """Return the ProbedSpectrum of which a mask of the places tells the outliers."""
        outside = self.places[outliers]
        low, high = self._cuts(outside)
        inside = [(r.nodes > low) & (r.nodes < high) for r in self.data.rules]
        if not all(seen.any() for seen in inside):
            raise ValueError(
                f"outliers: expected probes that see more than the {outside.size} outliers; try outliers=0"
            )
        nodes = [rule.nodes[seen] for rule, seen in zip(self.data.rules, inside, strict=True)]
        shares = [rule.weights[seen] for rule, seen in zip(self.data.rules, inside, strict=True)]
        shares, size = [share / share.sum() for share in shares], self.n - outside.size
        numbers = size / self.data.probes * np.concatenate(shares)
        interval = _interval(np.concatenate(nodes), self.data.probes * numbers)
        facts = (np.concatenate(nodes), (), outside, self.n, 1, interval, self._orders(outside.size, 2), apart)
        found = ProbedSpectrum(*facts, numbers, self.data.probes)
        return found if self.data.kind == "sphere" else replace(found, better=better(found, nodes, shares))

    def _orders(self, outliers, times):
        """Return how many modes the rules know, so that they know that many times as many as well."""
        known = MOST if self._open_steps is None else (2 * (self._open_steps - outliers) - 1) // times
        return int(np.clip(min(known, (self.n - outliers) // 2), 2, MOST))

    def refined(self, criterion, found):
        """Return the fit of all modes, whose covariance is that of the laws that agree with half of them.

        Where half of them refuse the law it stays at these, whose covariance does not ask for a law.
        """
        self.enough(criterion.family.names, found.data.outliers.size)
        half = found.data.orders
        if criterion.name == "moments" or found.cost > half + REFUSED * np.sqrt(2 * half):
            return found
        data = replace(found.data, orders=self._orders(found.data.outliers.size, 1))
        data = replace(data, averages=self._averages(criterion, found, replace(data, orders=2 * data.orders)))
        coordinates, cost = criterion.minimise(data, found.coordinates)
        return Chosen(data, found.mask, coordinates, cost, criterion.family.law(coordinates))

    def _averages(self, criterion, found, data):
        """Return the averages of T_k over the laws within the errors of a fit: its ends are no sharper than these."""
        slopes, u = criterion.slopes(found.coordinates, criterion.seen(found.data)), found.coordinates
        directions, sizes, _ = np.linalg.svd(probed_calibration.inverted(slopes[: found.data.orders]))
        sizes = np.minimum(sizes, FAR)
        steps = np.sqrt(u.size) * (directions * sizes).T  # their squares have the covariance of the fit as their mean
        total = np.zeros(data.orders)
        for law in (criterion.family.law(u + step) for step in (*steps, *-steps)):
            modes = expected_modes(law, data, criterion.kind)
            total += data.with_atoms(modes, criterion.on_atoms(law, data))[0]
        return total / (2 * u.size * data.size)

    def calibrated(self, criterion, found, errors, samples, ensemble, seed):
        """Return the Calibration of a fit."""
        return probed_calibration.calibrated(criterion, found, errors, seed)

    def _cuts(self, outside):
        """Return places between the bulk and the outliers below and above it."""
        places, _, which = self._known
        others, cuts = self._nodes[0][~np.isin(np.append(places, np.nan)[which], outside)], []
        for side in (-1, 1):
            ends = side * outside[side * (outside - self.centre) > 0]
            inner = side * others[side * others < ends.min()] if ends.size else np.empty(0)
            cuts.append(side * (0.5 * (ends.min() + inner.max()) if inner.size else np.inf))
        return cuts


def _interval(nodes, numbers):
    """Return the interval of the nodes that weigh something, made longer on either side."""
    seen = nodes[numbers >= LEAST]
    low, high = float(seen.min()), float(seen.max())
    if high - low <= COINCIDE * max(abs(low), abs(high)):
        raise ValueError(f"eigenvalues: expected numbers that differ, got nodes at {low:g} alone")
    return low - PAD * (high - low), high + PAD * (high - low)
