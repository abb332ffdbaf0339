"""Rows of a display become statements: a row that only goes on with the one before is joined to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from derive.checking.parsing import tables as known
from derive.checking.parsing.displays import Line
from derive.checking.parsing.lexer import tokenise
from derive.checking.parsing.macros import Macro, expand
from derive.checking.parsing.normalise import normalise
from derive.checking.parsing.problems import ReadingError
from derive.checking.parsing.statements import parse_row
from derive.checking.parsing.tokens import Token
from derive.checking.parsing.tree import Chain

Macros = Mapping[str, Macro]
MOST_JOINED = 40
OPENING, CLOSING = known.OPENING.keys(), known.CLOSING.keys()


@dataclass(frozen=True)
class Read:
    """A row that was read, or why it was not. start: offset in the source. prose: it is text between rows."""

    latex: str
    start: int
    chains: tuple[Chain, ...] = ()
    problem: str = ""
    column: int | None = None
    prose: bool = False


@dataclass(frozen=True)
class _Shape:
    """What a row begins and ends with. balance: brackets opened and not closed."""

    begins: bool = False  # with an operator
    ends: bool = False  # with an operator or a relation
    minus: bool = False  # begins with a minus sign
    relation: bool = False
    link: bool = False
    operand: bool = False
    balance: int = 0


def read_rows(lines: Sequence[Line], macros: Macros, *, whole: bool) -> list[Read]:
    """Read the rows of a display. whole: all of them are one statement (multline)."""
    found: list[Read] = []
    several = len(lines) > 1
    shapes = [_shape(line, macros) if several and not line.prose else None for line in lines]
    place = 0
    while place < len(lines):
        line = lines[place]
        if line.prose:
            found.append(Read(line.text, line.start or 0, prose=True))
            place += 1
            continue
        count = _joined(lines, shapes, place, whole=whole)
        row = read_row(" ".join(one.text.strip() for one in lines[place : place + count]), line.start or 0, macros)
        if row.problem and count > 1:
            alone = [read_row(one.text.strip(), one.start or 0, macros) for one in lines[place : place + count]]
            found += alone
        else:
            found.append(row)
        place += count
    return found


def read_row(latex: str, start: int, macros: Macros) -> Read:
    """Read one row."""
    try:
        return Read(latex, start, parse_row(latex, macros))
    except ReadingError as error:
        return Read(latex, start, (), str(error), min(error.column, len(latex) + 1))


def _joined(lines: Sequence[Line], shapes: Sequence[_Shape | None], place: int, *, whole: bool) -> int:
    """How many rows belong together from here."""
    shape = shapes[place]
    if shape is None:
        return 1
    balance, ends = shape.balance, shape.ends
    count = fits = 1
    for line, following in zip(
        lines[place + 1 : place + MOST_JOINED], shapes[place + 1 : place + MOST_JOINED], strict=True
    ):
        if following is None:
            break
        goes_on = whole or ends or balance > 0 or following.begins
        goes_on = goes_on or (following.minus and not following.relation) or (line.aligned and _continues(following))
        if not goes_on:
            break
        count += 1
        balance, ends = balance + following.balance, following.ends
        if balance <= 0:
            fits = count
    return fits


def _continues(shape: _Shape) -> bool:
    """Whether a row that begins behind the alignment mark is a further factor."""
    return shape.operand and not shape.relation and not shape.link


def _shape(line: Line, macros: Macros) -> _Shape | None:
    try:
        tokens = normalise(expand(tokenise(line.text), macros))
    except ReadingError:
        return None
    tokens = [token for token in tokens if token.kind not in {"space", "box", "gone"} and not token.is_char("&")]
    while tokens and tokens[-1].is_char(",", ".", ";"):
        tokens.pop()
    if not tokens:
        return None
    depth = balance = 0
    relation = False
    for token in tokens:
        key = token.text if token.kind == "char" else "\\" + token.text
        if token.is_char("{", "}"):
            depth += 1 if token.text == "{" else -1
        elif depth == 0 and token.kind in {"char", "command"} and key in OPENING | CLOSING:
            balance += 1 if key in OPENING else -1
        relation = relation or (depth == 0 and balance == 0 and token.kind == "relation")
    first, last = tokens[0], tokens[-1]
    return _Shape(
        begins=first.is_char("+", "/", "*") or _multiplies(first),
        ends=last.is_char("+", "-", "/", "*") or last.kind in {"relation", "link"} or _multiplies(last),
        minus=first.is_char("-"),
        relation=relation,
        link=any(token.kind == "link" for token in tokens),
        operand=first.kind not in {"relation", "link", "words"},
        balance=balance,
    )


def _multiplies(token: Token) -> bool:
    return token.kind == "command" and token.text in {"cdot", "times", "odot", "circ", "otimes", "pm"}
