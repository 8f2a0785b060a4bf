"""One sphere: the complexity in closed form."""
