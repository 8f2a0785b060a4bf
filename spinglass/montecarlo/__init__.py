"""Averages over Hessians: the independent check of every prediction, on one machine or a cluster.

Examples
--------
>>> import spinglass as sg
>>> sampled = sg.montecarlo.sampled_spectrum(sg.spectra.Semicircle(), 50, samples=10, rng=1)
>>> sampled.density.shape
(80,)
"""


def __getattr__(name):
    """Load the samplers when they are asked for."""
    if name == "sampled_spectrum":
        from spinglass.montecarlo.sampled_spectra import sampled_spectrum

        return sampled_spectrum
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
