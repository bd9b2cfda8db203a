"""What is compared is how reads are answered, not which of them are too much."""

from tests.access.conftest import without_limits

__all__ = ["without_limits"]
