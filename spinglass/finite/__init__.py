"""The Kac-Rice formula on one sphere at finite N: exact counts, their curves over the energy, and proofs."""
