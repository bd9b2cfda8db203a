"""Why a use case does not answer at all. What the rules refuse is data instead: `domain.refusal`."""


class Unauthenticated(Exception):
    """Nobody is signed in."""


class Forbidden(Exception):
    """The account's role does not have this right."""


class Refused(Exception):
    """An operator's command that cannot be done now; the message says why and what to do."""
