"""Files in: all rows of a file or none, each bad one by line, column and reason."""
