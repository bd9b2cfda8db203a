"""What a person may type into a field of plain text."""

import unicodedata

LONGEST = 500
_REFUSED = {"Cc", "Cs", "Co", "Cn"}  # control characters, surrogates, private and unassigned code points


def problem(text: str, longest: int = LONGEST) -> str | None:
    """Why the text cannot be saved (`too_long`, `unprintable`), or None."""
    if len(text) > longest:
        return "too_long"
    if text.isprintable():  # most are, and this is quick
        return None
    if any(unicodedata.category(character) in _REFUSED for character in text if character not in "\n\t"):
        return "unprintable"
    return None


def is_blank(text: str | None) -> bool:
    return text is None or not text.strip()
