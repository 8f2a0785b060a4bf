"""How does the rate (1/N) log of the mean number of minima of the pure 3-spin approach its limit, N = 10 to 60?"""

import numpy as np

import spinglass as sg

model = sg.pure(3)
c = sg.complexity(model)
sizes = [10, 15, 20, 30, 40, 60]
ax = sg.plotting.finite_size(c, sizes=sizes, index=0)
ax.figure.savefig("minima.png", dpi=150)

rates = sg.mean_count(model, sizes, index=0).log_mean / np.array(sizes)
limit = c.total(index=0)
for n, rate in zip(sizes, rates, strict=True):
    print(f"N = {n}: rate {rate:.6f}, above the limit by {rate - limit:.6f}")
print(f"limit {limit:.6f}")

# log(2)/2 - 1/3 from the paper of 2013; Monte Carlo at one size
assert abs(limit - (np.log(2) / 2 - 1 / 3)) < 1e-12
assert np.all(np.diff(rates) < 0) and np.all(rates > limit)
sampled = sg.mean_count(model, 20, index=0, method="montecarlo", samples=10_000, rng=1)
assert abs(sampled.log_mean - 20 * rates[2]) < 4 * sampled.stderr
