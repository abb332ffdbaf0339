r"""Definitions of macros in a source: found, kept, and replaced by spaces."""

import re
from dataclasses import dataclass

from derive.checking.parsing.lexer import tokenise
from derive.checking.parsing.macros import Macro
from derive.checking.parsing.problems import ReadingError
from derive.checking.parsing.segments import blank
from derive.checking.parsing.tokens import Token

START = re.compile(
    r"\\(?P<how>(?:new|renew|provide)command\*?|def|gdef|edef|DeclareMathOperator\*?|let|DeclareRobustCommand\*?)"
    r"(?![A-Za-z])\s*"
)
NAME = re.compile(r"(?P<brace>\{\s*)?\\(?P<name>[A-Za-z]+|.)(?(brace)\s*\})\s*")
COUNT = re.compile(r"\[\s*(\d)\s*\]\s*")
DEFAULT = re.compile(r"\[([^\]\n]*)\]\s*")
PARAMETERS = re.compile(r"((?:#\d)*)\s*(?=\{)")
EQUALS = re.compile(r"\s*=?\s*\\(?P<other>[A-Za-z]+|.)")
MOST_BODY = 20_000


@dataclass(frozen=True)
class Definition:
    """A macro's definition. start: where in the source. text: the body as written, for those that make environments."""

    name: str
    macro: Macro
    start: int
    text: str


def definitions(text: str) -> tuple[list[Definition], str]:
    """Return the definitions in a source, in order, and the source with spaces in their place."""
    found: list[Definition] = []
    parts: list[str] = []
    place = 0
    while (start := START.search(text, place)) is not None:
        read = _definition(text, start)
        stop = start.end() if read is None else read[1]
        if read is None:
            parts.append(text[place:stop])
        else:
            found.append(read[0])
            parts += [text[place : start.start()], blank(text[start.start() : stop])]
        place = stop
    return found, "".join(parts) + text[place:]


def _definition(text: str, start: "re.Match[str]") -> tuple[Definition, int] | None:
    name = NAME.match(text, start.end())
    if name is None:
        return None
    how, place = start["how"].rstrip("*"), name.end()
    if how == "let":
        other = EQUALS.match(text, place)
        if other is None:
            return None
        alias = Macro(0, (Token("command", other["other"], 0, 0),))
        return Definition(name["name"], alias, start.start(), "\\" + other["other"]), other.end()
    count, default, place = _parameters(text, place, plain=how.endswith("def"))
    stop = _brace(text, place)
    if stop is None:
        return None
    body = text[place + 1 : stop - 1]
    if how == "DeclareMathOperator":
        body = f"\\{'operatorname*' if '*' in start['how'] else 'operatorname'}{{{body}}}"
    try:
        macro = Macro(count, tuple(tokenise(body)), None if default is None else tuple(tokenise(default)))
    except ReadingError:
        return None
    return Definition(name["name"], macro, start.start(), body), stop


def _parameters(text: str, place: int, *, plain: bool) -> tuple[int, str | None, int]:
    r"""Read [2][default], or #1#2 of a plain \def; return how many, the default, and where the body begins."""
    if plain:
        parameters = PARAMETERS.match(text, place)
        return (0, None, place) if parameters is None else (len(parameters.group(1)) // 2, None, parameters.end())
    count, default = 0, None
    if (number := COUNT.match(text, place)) is not None:
        count, place = int(number.group(1)), number.end()
        if (optional := DEFAULT.match(text, place)) is not None:
            default, place = optional.group(1), optional.end()
    return count, default, place


def _brace(text: str, start: int) -> int | None:
    """Return where the group that begins at start ends, None if there is none."""
    if text[start : start + 1] != "{":
        return None
    depth = 0
    for place in range(start, min(len(text), start + MOST_BODY)):
        character = text[place]
        if character in "{}" and text[place - 1] != "\\":
            depth += 1 if character == "{" else -1
            if depth == 0:
                return place + 1
    return None
