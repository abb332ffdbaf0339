"""A text as tokens: names, numbers and signs, each with its place."""

import re
from dataclasses import dataclass

from derive.errors import InputError
from derive.models.reading.nodes import Place

LONGEST = 500
DIGITS = 30
_TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d*)?|\.\d+)|(?P<name>[^\W\d]\w*)|(?P<sign>\*\*|[-+*/^()\[\],=~]))")


@dataclass(frozen=True)
class Token:
    """kind: "number", "name", "sign" or "end"."""

    kind: str
    text: str
    place: Place


def tokens(text: str) -> list[Token]:
    """Return the tokens, an empty one at the end. Raises InputError for a character that no formula has."""
    if len(text) > LONGEST:
        raise InputError(f"{text[:40]!r}...: a text of {len(text)} characters is too long; {LONGEST} are allowed")
    found: list[Token] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            start = at + len(text[at:]) - len(text[at:].lstrip())
            raise Place(text, start, start + 1).error("this character has no meaning in a formula")
        kind = str(match.lastgroup)
        place = Place(text, match.start(kind), match.end(kind))
        if kind == "number" and match.end(kind) - match.start(kind) > DIGITS:
            raise place.error(f"a number may have {DIGITS} digits")
        found.append(Token(kind, match.group(kind), place))
        at = match.end()
    return [*found, Token("end", "", Place(text, len(text), len(text)))]
