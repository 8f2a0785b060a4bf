"""The command line: one file for each command, one for what they share, and the program."""
