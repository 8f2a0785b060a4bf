"""How strong must a random field be for the landscape of a mixture of 3-spin and 4-spin to become trivial?"""

import numpy as np
from scipy.optimize import bisect

import spinglass as sg


def glass(field, share):
    return sg.mixed({1: field, 3: 1 - share, 4: share})


ax = sg.plotting.phase_diagram(glass, x=np.linspace(0.5, 12, 13), y=np.linspace(0.01, 0.99, 8))
ax.set(xlabel="variance of the random field", ylabel="share of the 4-spin", title="many critical points")
ax.figure.savefig("field.png", dpi=150)


def many(field, share):
    return 1 if sg.complexity(glass(field, share)).total() > 0 else -1


# xi''(1) = xi'(1): 6 (1 - a) + 12 a = s + 3 (1 - a) + 4 a
for share in (0.0, 0.3, 1.0):
    critical = bisect(many, 0.1, 20, args=(share,), xtol=1e-9)
    print(f"share {share}: trivial from a field of variance {critical:.8f} on")
    assert abs(critical - (3 + 5 * share)) < 1e-6
# exactly there the mean number is 2 N at every N, and far above it 2
assert abs(sg.mean_count(glass(3, 0), 30).mean - 60) < 1e-9
assert abs(sg.mean_count(glass(30, 0), 30).mean - 2) < 1e-3
