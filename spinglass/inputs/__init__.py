"""What comes in: the one door for numbers and arrays, and how large a question may be."""
