"""Why the ordinary executor has to run an operation."""


class NotCompiled(Exception):
    """The operation holds what the compiler does not know."""


class Unforeseen(Exception):
    """A value, or an argument, that only the ordinary executor can turn into an error of the right place."""


class Lacking(Exception):
    """A resolver asked for what the compiled path does not give it: such an operation is never compiled again."""
