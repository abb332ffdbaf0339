"""The statements of a row: sides and the relations between them, and how each follows from what stands before."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from derive.checking.parsing.brackets import GIVEN
from derive.checking.parsing.formula import Formula
from derive.checking.parsing.lexer import tokenise
from derive.checking.parsing.limits import MOST_LISTED
from derive.checking.parsing.macros import Macro, expand
from derive.checking.parsing.normalise import normalise
from derive.checking.parsing.problems import ReadingError
from derive.checking.parsing.tables import OPERATORS
from derive.checking.parsing.tokens import Token
from derive.checking.parsing.tree import Chain, Compared, Fenced, Given, Items, Link, Name, Node, Number
from derive.checking.parsing.words import words

NO_MACROS: Mapping[str, Macro] = {}
SEPARATING = frozenset({"space", "words", "link"})
MARKS = frozenset({",", ".", ";", ":", "?"})
IMPLYING = frozenset(words("therefore thus hence so then implies giving gives yields consequently ie"))
EQUIVALENT = ("iff", "if and only if", "equivalently", "is equivalent to")


def parse_row(latex: str, macros: Mapping[str, Macro] = NO_MACROS) -> tuple[Chain, ...]:
    """Return what a row of mathematics states. Raises ReadingError, with the column, for what cannot be read."""
    return parse_tokens(normalise(expand(tokenise(latex), macros)))


def parse_tokens(tokens: list[Token]) -> tuple[Chain, ...]:
    """Return what normalised tokens state. Raises ReadingError."""
    return tuple(piece.chain() for piece in joined(_Statements(tokens).run()))


@dataclass
class Piece:
    """A statement as it is being read. mark: what separates it from the one before: a comma, "space", "words"."""

    link: Link = Link.NONE
    mark: str = ""
    sides: list[Node | None] = field(default_factory=list)
    relations: list[str] = field(default_factory=list)
    boxed: bool = False

    def chain(self) -> Chain:
        """Return the statement."""
        spans = [side for side in self.sides if side is not None]
        start, end = (spans[0].start, spans[-1].end) if spans else (0, 0)
        return Chain(tuple(self.sides), tuple(self.relations), self.link, self.boxed, start=start, end=end)

    @property
    def qualifier(self) -> bool:
        """Whether it only says for which indices: for all n."""
        side = self.sides[0] if self.sides else None
        first = getattr(side, "factors", (side,))[0]
        return isinstance(first, Name) and first.text == "forall"


class _Statements:
    def __init__(self, tokens: list[Token]) -> None:
        self.formula = Formula(_close(tokens))
        self.pieces: list[Piece] = []
        self.link, self.mark = Link.NONE, ""

    def run(self) -> list[Piece]:
        formula = self.formula
        while (token := formula.next).kind != "finish":
            if token.kind == "link":
                formula.take()
                self.link, self.mark = Link(token.text), ""
            elif token.kind == "space" or token.is_command("\\", "cr", "newline"):
                formula.take()
                self.mark = self.mark or "space"
            elif token.kind == "words":
                formula.take()
                self._words(token.text)
            elif token.is_char(*MARKS):
                formula.take()
                self.mark = token.text
            else:
                self._piece()
        return self.pieces

    def _words(self, text: str) -> None:
        plain = " ".join(text.lower().replace(".", "").strip(" ,:;()").split())
        self.mark = "words"
        if plain.split(" ")[0] in IMPLYING:
            self.link = Link.IMPLIES
        elif plain.startswith(EQUIVALENT):
            self.link = Link.EQUIVALENT

    def _piece(self) -> None:
        formula = self.formula
        link = self.link
        if link is Link.NONE and self.pieces:
            link = Link.NEXT
        piece = Piece(link, self.mark)
        self.link, self.mark = Link.NONE, ""
        if self._arrow() and link in {Link.NONE, Link.NEXT}:
            formula.take()
            piece.link = Link.IMPLIES
        self._sides(piece)
        self.pieces.append(piece)

    def _arrow(self) -> bool:
        return self.formula.next.kind == "relation" and self.formula.next.text == "to"

    def _sides(self, piece: Piece) -> None:
        """Read sides and relations, up to what separates statements."""
        formula = self.formula
        if formula.next.kind == "relation":
            piece.sides.append(None)
        else:
            piece.sides.append(self._side())
        while True:
            self._pass_space()
            if formula.next.kind != "relation":
                break
            if formula.next.text == "to" and piece.relations and self._relation_follows():
                break  # a = b -> c = d: an arrow between statements
            if len(piece.relations) >= MOST_LISTED:
                raise formula.fail(f"more than {MOST_LISTED} relations in a row")
            piece.relations.append(formula.take().text)
            self._pass_space(always=True)
            piece.sides.append(self._side())
        piece.boxed, formula.boxed = formula.boxed, False

    def _relation_follows(self) -> bool:
        """Whether another relation comes before the statement's end."""
        formula = self.formula
        for place in range(formula.place + 1, formula.stop):
            token = formula.tokens[place]
            if token.kind == "relation":
                return True
            if token.kind in {"link", "words"}:
                return False
        return False

    def _pass_space(self, *, always: bool = False) -> None:
        """Pass over a wide space before a relation, or after one."""
        formula = self.formula
        place = formula.place
        while formula.next.kind == "space":
            formula.take()
        if not always and formula.next.kind != "relation":
            formula.place = place

    def _side(self) -> Node:
        formula = self.formula
        token = formula.next
        if token.kind == "words":
            formula.take()
            return Name(token.text, word=True, start=token.start, end=token.end)
        first = formula.place
        side = formula.needed(formula.sum(), "on this side", token)
        return side if formula.bar(formula.next) is None else self._given(side, first)

    def _given(self, left: Node, first: int) -> Node:
        """Read a condition outside of brackets: x | z = k ~ N(m, S)."""
        formula = self.formula
        if formula.bar_role() != GIVEN:
            raise formula.fail(formula.unexpected())
        bar = formula.take()
        at = formula.next
        right = formula.needed(formula.sum(), "under the condition", at)
        if formula.next.kind == "relation" and formula.next.text == "=":
            formula.take()
            right = Compared(right, "=", formula.needed(formula.sum(), "on this side", at), **formula.span(first))
        return Given(left, right, formula.bar(bar) or "|", **formula.span(first))


def _close(tokens: list[Token]) -> list[Token]:
    """Leave out wide spaces beside an operator: what stands behind them goes on with the formula."""
    found: list[Token] = []
    for place, token in enumerate(tokens):
        if token.kind == "space" and (_operates(found[-1:]) or _operates(tokens[place + 1 : place + 2])):
            continue
        if token.kind == "space" and tokens[place + 1 : place + 2] and tokens[place + 1].is_char("-"):
            following = tokens[place + 1 :]
            stop = next((p for p, other in enumerate(following) if other.kind in SEPARATING), len(following))
            if not any(other.kind == "relation" for other in following[:stop]):
                continue
        found.append(token)
    return found


def _operates(tokens: list[Token]) -> bool:
    return any(
        token.is_char("+", "/", "*") or token.kind == "relation" or token.is_command(*OPERATORS) for token in tokens
    )


def joined(pieces: list[Piece]) -> list[Piece]:
    """Join lists at commas (k = 1, ..., K), leave statements apart, drop the number of an equation."""
    if len(pieces) > 1 and pieces[-1].mark == "space" and _is_number(pieces[-1]):
        pieces = pieces[:-1]
    found: list[Piece] = []
    if len(pieces) > MOST_LISTED:
        side = pieces[MOST_LISTED].sides[0]
        raise ReadingError(f"more than {MOST_LISTED} statements in a row", 1 if side is None else side.start + 1)
    for piece in pieces:
        last = found[-1] if found else None
        listed = last is not None and piece.link is Link.NEXT and piece.mark == ","
        if last is None or not listed or piece.qualifier or (last.qualifier and piece.relations):
            found.append(piece)
        elif not piece.relations:
            last.sides[-1] = _items(last.sides[-1], piece.sides[0])
        elif not last.relations and piece.sides[0] is not None:
            last.sides = [_items(last.sides[0], piece.sides[0]), *piece.sides[1:]]
            last.relations, last.boxed = piece.relations, last.boxed or piece.boxed
        else:
            found.append(piece)
    return found


def _items(left: Node | None, right: Node | None) -> Node:
    """Return a list, made longer by one."""
    before = left.items if isinstance(left, Items) else (left,) if left is not None else ()
    items = (*before, *((right,) if right is not None else ()))
    return Items(items, start=items[0].start, end=items[-1].end)


def _is_number(piece: Piece) -> bool:
    """Whether it is the number of an equation: (9.3), (*)."""
    match piece.sides:
        case [Fenced(kind="(", body=Number() | Name(text="star" | "times" | "dagger"))]:
            return not piece.relations
    return False
