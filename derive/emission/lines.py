"""Statements on lines: with their comments, and broken where they are too long."""

import re

WIDTH = 120
INDENT = "    "


def fitted(statement: str, words: str, indent: str = "", room: int = WIDTH - len(INDENT)) -> list[str]:
    """Return a statement with its comment; words that do not fit are dropped, the equation's number never."""
    for shown in (words, words.split(" ", maxsplit=1)[0]):
        line = f"{indent}{statement}  # {shown}" if shown else indent + statement
        if len(line) <= room:
            return [line]
    number = words.split(" ", maxsplit=1)[0]
    return broken(statement, f"  # {number}" if number else "", indent)


def broken(statement: str, tail: str, indent: str) -> list[str]:
    """Break a long statement at the plus and minus signs of its outermost sum, a single call inside its brackets."""
    before = statement.split("(", maxsplit=1)[0]
    sign = next((sign for sign in (" = ", " += ") if sign in before), " ")
    head, value = statement.split(sign, 1)
    head += f"{sign}("
    room = WIDTH - 2 * len(INDENT) - len(indent)
    parts = [piece for part in _split(value, {" + ", " - "}) for piece in _shorter(part, room)]
    call = _whole_call(value) if len(parts) == 1 else 0
    if call:
        head, parts = head[:-1] + value[:call], _arguments(value[call:-1])
    whole = " ".join(parts).removesuffix("," if call else "")
    if len(indent) + 2 * len(INDENT) + len(whole) <= WIDTH:
        parts = [whole]
    return [indent + head, *(f"{indent}{INDENT}{part}" for part in parts), f"{indent}){tail}"]


def _split(value: str, signs: set[str]) -> list[str]:
    """Split a value before these signs where they stand in no bracket."""
    depth, parts, start = 0, list[str](), 0
    for at, char in enumerate(value):
        depth += (char in "([") - (char in ")]")
        if depth == 0 and value[at : at + 3] in signs:
            parts.append(value[start:at])
            start = at + 1
    return [*parts, value[start:]]


def _shorter(part: str, room: int) -> list[str]:
    """Break a term that is too long before its divisions, and then a sum in brackets before its terms."""
    if len(part) <= room:
        return [part]
    pieces = list[str]()
    for piece in _split(part, {" / "}):
        if len(piece) > room and piece[0] == "(" and piece[-1] == ")":
            pieces += ["(", *(INDENT + term for term in _split(piece[1:-1], {" + ", " - "})), ")"]
        else:
            pieces.append(piece)
    return pieces


def _whole_call(value: str) -> int:
    """Return where the arguments start if a value is one call of a function, 0 if it is not."""
    found = re.match(r"[\w.]+\(", value)
    if found is None or not value.endswith(")"):
        return 0
    depth = 0
    for at, char in enumerate(value):
        depth += (char in "([") - (char in ")]")
        if depth == 0 and at >= found.end():
            return found.end() if at == len(value) - 1 else 0
    return 0


def _arguments(inner: str) -> list[str]:
    """Split the arguments of a call, each with a comma behind it."""
    depth, found, start = 0, list[str](), 0
    for at, char in enumerate(inner):
        depth += (char in "([") - (char in ")]")
        if depth == 0 and inner[at : at + 2] == ", " and inner[:at].count('"') % 2 == 0:
            found.append(inner[start : at + 1])
            start = at + 2
    return [*found, inner[start:] + ","]
