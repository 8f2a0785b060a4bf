"""Ways down a loss: ``descent`` to minima and critical points, ``batches`` at random with one of ``optimisers``."""
