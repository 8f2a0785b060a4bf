"""Networks with something to do: tell digits, memorise noise, or play against each other for images."""
