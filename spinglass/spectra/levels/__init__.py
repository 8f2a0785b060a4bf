"""Local statistics of spectra: spacings, unfolding, rigidity, and the ensembles they are compared with."""
