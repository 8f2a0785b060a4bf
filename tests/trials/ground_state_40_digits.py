"""What is the ground state energy of the pure 3-spin to 40 digits, with proof?"""

import mpmath

import spinglass as sg

c = sg.complexity(sg.pure(3))
ball = c.lowest_energy(index=0, arithmetic=sg.balls(45))
print("-E_0 =", ball.str(40))
print("radius at most", float(ball.rad()))

# Crisanti and Sommers (1992): one step of replica symmetry breaking at temperature 0
with mpmath.workdps(50):
    z = mpmath.findroot(lambda z: mpmath.mpf(2) / 3 + 2 * z * (1 - z + mpmath.log(z)) / (1 - z) ** 2, 0.355)
    replicas = -(1 + 2 * z) / mpmath.sqrt(3 * z)
    print("replicas:", mpmath.nstr(replicas, 40))
    digits = c.lowest_energy(index=0, arithmetic=sg.mp(45))
    assert abs(digits - replicas) < mpmath.mpf(10) ** -40
assert ball.str(40, radius=False) == mpmath.nstr(replicas, 40)
assert float(ball.rad()) < 1e-40
