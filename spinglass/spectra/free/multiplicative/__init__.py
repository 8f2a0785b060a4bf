"""Laws that multiply."""
