"""What a typical draw has: the quenched complexity and the ground state."""
