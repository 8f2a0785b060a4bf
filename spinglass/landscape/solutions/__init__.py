"""All complex solutions of a draw, followed from a solved member of its family; or real ones by many descents."""
