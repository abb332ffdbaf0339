"""Text of a hand-in made harmless: nothing in it moves a cursor, turns the direction of writing, or breaks UTF-8."""

import unicodedata

_REPLACEMENT = "\ufffd"
_KEPT = {"\u200d"}  # joins letters in several scripts
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean(text: str) -> str:
    """One line of the same length: blanks for line ends and tabs, a replacement mark for what cannot be seen."""
    return "".join(map(_shown, text))


def shortened(text: str, most: int) -> str:
    """Clean text of at most so many characters."""
    return clean(text) if len(text) <= most else clean(text[: most - 1]) + "…"


def _shown(char: str) -> str:
    if char in "\n\r\t":
        return " "
    return _REPLACEMENT if char not in _KEPT and unicodedata.category(char) in _HIDDEN else char
