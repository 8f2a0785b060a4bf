"""Proof in ball arithmetic that a list of solutions is right and complete."""
