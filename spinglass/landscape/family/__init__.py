"""What all draws of a game share: their monomials, changes of sign, and the number of their complex solutions."""
