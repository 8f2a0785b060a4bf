"""Which species determine each other: the strongly connected components of a relation between a few."""

import numpy as np


def components(meets):
    """Return the number, from 0 on, of every species' component: of those that reach it and that it reaches.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.spectra.dyson.meeting import components
    >>> components(np.array([[0, 0, 1], [0, 1, 0], [1, 0, 0]]) > 0)
    [0, 1, 0]
    """
    reach = meets | np.eye(len(meets), dtype=bool)
    for _ in range(len(meets).bit_length()):  # ways twice as long each time
        reach = reach @ reach
    first = np.argmax(reach & reach.T, axis=1).tolist()
    number = {s: i for i, s in enumerate(dict.fromkeys(first))}
    return [number[s] for s in first]
