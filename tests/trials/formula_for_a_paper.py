"""What is the LaTeX of the complexity of the pure 3-spin, and which papers do I cite for it?"""

import matplotlib.pyplot as plt
import numpy as np
import sympy

import spinglass as sg

c = sg.complexity(sg.pure(3))
formula = sg.latex(c)
total = sg.latex(c.total(arithmetic=sg.symbols))
print(formula)
print(r"\Sigma =", total)
with open("references.bib", "w") as file:
    file.write(sg.cite(c))
print(sg.cite(c))

fig = plt.figure(figsize=(9, 1.5))
fig.text(0.5, 0.7, f"${formula}$", ha="center", fontsize=9)
fig.text(0.5, 0.2, rf"$\Sigma = {total}$", ha="center")
fig.savefig("formula.png", dpi=150)

# the expression behind the formula is the function, above and below the threshold
u = sympy.Symbol("u", real=True)
expression = sg.symbolic.complexity(sg.pure(3))
for energy in (-1.7, -1.0):
    assert abs(float(expression.subs(u, energy)) - c(energy)) < 1e-12
assert abs(c(-1.0) - (np.log(2) / 2 - 1 / 8)) < 1e-12
# Random matrices and complexity of spin glasses, CPAM 66 (2013)
assert "10.1002/cpa.21422" in sg.cite(c) and r"\frac{\log{\left(2 \right)}}{2}" in formula
