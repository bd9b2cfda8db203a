"""Reads, compiled: an operation's document becomes one Python function, written and compiled once.

`reads` is where a request comes in; `document` keeps what was made of a document; `selection` reads what an operation
selects; `source` writes the function; `values` and `pending` are what the function calls.
"""
