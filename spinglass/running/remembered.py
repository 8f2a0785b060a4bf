"""Results kept up to a total weight, where entries differ in size by orders of magnitude: :func:`remembered`.

Everywhere else ``functools.lru_cache`` with a finite ``maxsize`` is enough; nothing is kept without a bound.
"""

import functools
import threading
from collections import OrderedDict


def remembered(most, weight, key=None):
    """Keep the results of a function of hashable arguments, the least recently used of which go first.

    Parameters
    ----------
    most : number
        The total weight that is kept at most; of results that alone are heavier the last one is kept.
    weight : callable
        Returns the weight of ``(result, *arguments)``, in the same unit, such as bytes.
    key : callable, optional
        Returns of the arguments what a result belongs to; all of them by default.

    Returns
    -------
    decorator
        Of a function that has ``cache_parameters()``, ``cache_clear()`` and ``cache_weight()`` besides.

    Examples
    --------
    >>> from spinglass.running.remembered import remembered
    >>> zeros = remembered(10, weight=lambda result, n: n)(lambda n: [0] * n)
    >>> first, second = zeros(4), zeros(6)
    >>> zeros(4) is first, len(zeros(5)), zeros(6) is second, zeros.cache_weight()
    (True, 5, False, 6)
    """

    def decorate(function):
        kept: OrderedDict = OrderedDict()
        lock, total = threading.Lock(), 0

        @functools.wraps(function)
        def call(*arguments):
            nonlocal total
            name = arguments if key is None else key(*arguments)
            with lock:
                if name in kept:
                    kept.move_to_end(name)
                    return kept[name][0]
            result = function(*arguments)
            with lock:
                if name not in kept:
                    kept[name] = result, weight(result, *arguments)
                    total += kept[name][1]
                while total > most and len(kept) > 1:
                    total -= kept.popitem(last=False)[1][1]
            return result

        def clear():
            nonlocal total
            with lock:
                kept.clear()
                total = 0

        vars(call).update(  # named as functools.lru_cache does
            cache_parameters=lambda: {"maxsize": most, "typed": False},
            cache_clear=clear,
            cache_weight=lambda: total,
        )
        return call

    return decorate
