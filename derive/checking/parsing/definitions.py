r"""Definitions of macros in a source: found, kept, and replaced by spaces."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from derive.checking.parsing.lexer import tokenise
from derive.checking.parsing.macros import Macro
from derive.checking.parsing.problems import ReadingError
from derive.checking.parsing.segments import blank, braces
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
MOST_MACROS = 100
MOST_WIDTH = 200
MOST_GROWTH = 1_000_000


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
    groups = braces(text) if START.search(text) else {}
    parts: list[str] = []
    place = 0
    while (start := START.search(text, place)) is not None:
        read = _definition(text, start, groups)
        stop = start.end() if read is None else read[1]
        if read is None:
            parts.append(text[place:stop])
        else:
            found.append(read[0])
            parts += [text[place : start.start()], blank(text[start.start() : stop])]
        place = stop
    return found, "".join(parts) + text[place:]


def _definition(text: str, start: "re.Match[str]", groups: Mapping[int, int]) -> tuple[Definition, int] | None:
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
    closing = groups.get(place)
    if closing is None or closing - place > MOST_BODY:
        return None
    body, stop = text[place + 1 : closing], closing + 1
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


def with_environments(text: str, found: Sequence[Definition]) -> str:
    r"""Expand in the source the macros that stand for the beginning or end of a display, as \be for \begin{equation}.

    Lines stay as they are.
    """
    for definition in found[:MOST_MACROS]:
        opens = any(mark in definition.text for mark in ("\\begin", "\\end", "$", "\\[", "\\]"))
        if opens and not definition.macro.parameters and len(definition.text) < MOST_WIDTH:
            pattern = re.compile(rf"\\{re.escape(definition.name)}(?![A-Za-z])")
            parts = pattern.split(text)
            if len(parts) * MOST_WIDTH > MOST_GROWTH:
                break
            text = (" ".join(definition.text.split()) + " ").join(parts)
    return text
