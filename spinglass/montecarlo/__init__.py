"""Averages over Hessians: the independent check of every prediction, on one machine or a cluster.

Examples
--------
>>> import spinglass as sg
>>> sampled = sg.montecarlo.sampled_spectrum(sg.spectra.Semicircle(), 50, samples=10, rng=1)
>>> sampled.density.shape
(80,)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spinglass.montecarlo.sampled_spectra import sampled_spectrum

__all__ = ["sampled_spectrum"]


def __getattr__(name: str) -> Any:
    """Load the samplers when they are asked for."""
    if name == "sampled_spectrum":
        from spinglass.montecarlo.sampled_spectra import sampled_spectrum

        return sampled_spectrum
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
