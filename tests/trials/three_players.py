"""How many equilibria has a game of three players, and does a Monte Carlo run of it survive being stopped?"""

# Three players on three spheres: total and Nash complexities, and a run that is stopped and resumed with a store.
from concurrent.futures import ThreadPoolExecutor

import numpy as np

import spinglass as sg


def game(coupling):
    """Three players, each on a 3-spin of its own that the next one shifts."""
    own = [{(3, 0, 0): 1}, {(0, 3, 0): 1}, {(0, 0, 3): 1}]
    shared = [{(2, 1, 0): coupling}, {(0, 2, 1): coupling}, {(1, 0, 2): coupling}] if coupling else [{}, {}, {}]
    fields = [a | b for a, b in zip(own, shared, strict=True)]
    return sg.SphericalGame(fractions=[0.3, 0.3, 0.4], fields=fields, losses=np.eye(3), players=[[0], [1], [2]])


class Counting(ThreadPoolExecutor):
    """An executor that counts its tasks and is stopped by one of them, if wanted."""

    tasks, stop_at = 0, None

    def submit(self, *args, **kwargs):
        """Submit, or interrupt."""
        self.tasks += 1
        if self.tasks == self.stop_at:
            return super().submit(stop)
        return super().submit(*args, **kwargs)


def stop():
    """Interrupt, as Ctrl-C does."""
    raise KeyboardInterrupt


c = sg.complexity(game(0.2))
print(f"equilibria {c.total():.6f}, local Nash equilibria {c.total(index=(0, 0, 0)):+.6f}")
question = {"samples": 8000, "rng": 1, "store": "run.sqlite"}
try:
    with Counting(2) as executor:
        executor.stop_at = 6
        sg.mean_count(game(0.2), 10, **question, executor=executor)
except KeyboardInterrupt:
    print("stopped")
with Counting(2) as executor:
    resumed = sg.mean_count(game(0.2), 10, **question, executor=executor)
print(resumed, "in", executor.tasks, "tasks")

assert executor.tasks < 8, "of 8 tasks some were in the store"
assert resumed.log_mean == sg.mean_count(game(0.2), 10, samples=8000, rng=1).log_mean  # as if never stopped
alone = sg.complexity(game(0))  # three pure 3-spins
assert abs(alone.total() - np.log(2) / 2) < 1e-9
assert abs(alone.total(index=(0, 0, 0)) - (np.log(2) / 2 - 1 / 3)) < 1e-9
