"""A place in the tokens of a row: what comes next, spans, errors with their column, and how deep we are."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypedDict, TypeVar

from derive.checking.parsing.limits import MOST_DEPTH, MOST_WORK
from derive.checking.parsing.problems import ReadingError
from derive.checking.parsing.tokens import Token, matching
from derive.checking.parsing.tree import Node

Read = TypeVar("Read")


PASSED = frozenset({"box", "space", "char"})


class Span(TypedDict):
    """Where a node stands in the row's text."""

    start: int
    end: int


class Cursor(ABC):
    """The tokens of a row and where we are in them. stop: where the part ends that is being read."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        """Take normalised tokens. Raises ReadingError for braces that do not match."""
        self.tokens = list(tokens)
        self.braces = matching(self.tokens)
        self.place, self.stop = 0, len(self.tokens)
        self.depth = self.work = 0
        self.slashes = [place for place, token in enumerate(self.tokens) if token.is_char("/")]
        self.fences: list[str] = []  # what is open here, innermost last
        self.script = False  # inside a script
        self.table = 0  # inside the cell of a table: how deep
        self.boxed = False
        last = self.tokens[-1].end if self.tokens else 0
        self.finish = Token("finish", "", last, last)

    @abstractmethod
    def sum(self) -> Node | None:
        """Read terms with their signs; None where all of it is struck out."""

    @abstractmethod
    def product(self, first: Node | None = None) -> Node | None:
        """Read factors; None where all of it is struck out."""

    @abstractmethod
    def factors(self, first: Node | None, ends: Callable[[], bool]) -> Node | None:
        """Read factors until ``ends`` says so."""

    @abstractmethod
    def postfix(self, atom: Node, first: int) -> Node:
        """Read the scripts and exclamation marks behind an operand."""

    @abstractmethod
    def factor(self) -> Node:
        """Read one factor with its scripts."""

    @abstractmethod
    def atom(self) -> Node:
        """Read an operand without its scripts."""

    @abstractmethod
    def starts_operand(self) -> bool:
        """Whether an operand can begin with the next token."""

    @property
    def next(self) -> Token:
        """The next token; what sets nothing apart here is passed over."""
        while self.place < self.stop:
            token = self.tokens[self.place]
            if token[0] not in PASSED:  # its kind, without the price of a name
                return token
            if token.kind == "box":
                self.boxed = True
            elif not (self.fences if token.kind == "space" else token.text == "&" and not self.table):
                return token
            self.place += 1
        return self.finish

    def worked(self) -> None:
        """Count a step of looking ahead. Raises ReadingError after more of them than any formula needs."""
        self.work += 1
        if self.work > MOST_WORK:
            raise self.fail("too many brackets, bars and slashes")

    def after(self, steps: int) -> Token:
        """The token so many places further on."""
        place = self.place + steps
        return self.tokens[place] if place < self.stop else self.finish

    def take(self) -> Token:
        """Take the next token."""
        token = self.next
        self.place += 1
        return token

    def fail(self, message: str, token: Token | None = None) -> ReadingError:
        """Return the error at a token, the next one if none is given."""
        return ReadingError(message, (self.next if token is None else token).start + 1)

    def span(self, first: int) -> Span:
        """Return the span from the token at a place up to here."""
        if not self.tokens:
            return {"start": 0, "end": 0}
        begin = self.tokens[min(first, len(self.tokens) - 1)]
        last = self.tokens[max(0, min(self.place, self.stop) - 1)]
        return {"start": begin.start, "end": max(last.end, begin.start)}

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Count how deep we are. Raises ReadingError beyond what any formula needs."""
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise self.fail(f"nested more than {MOST_DEPTH} deep")
        yield
        self.depth -= 1

    def part(self, start: int, stop: int, read: Callable[[], Read], *, script: bool = False) -> Read:
        """Read the tokens from start to stop, all of them, and go on behind what we had; raises ReadingError."""
        kept = self.place, self.stop, self.script, self.table
        self.place, self.stop, self.script = start, stop, script
        self.fences.append("group")
        with self.deeper():
            found = read()
            if self.next.kind != "finish":
                raise self.fail(self.unexpected())
        self.fences.pop()
        self.place, self.stop, self.script, self.table = kept
        return found

    def group(self, read: Callable[[], Read], *, script: bool = False) -> Read:
        """Read a group in braces that begins here."""
        opening = self.place
        closing = self.braces[opening]
        found = self.part(opening + 1, closing, read, script=script)
        self.place = closing + 1
        return found

    def unexpected(self) -> str:
        """Say that what comes next does not fit here."""
        token = self.next
        if token.kind == "finish":
            return "something is missing at the end"
        return f"{self.shown(token)} is not expected here"

    @staticmethod
    def shown(token: Token) -> str:
        """Return a token as it was written."""
        if token.kind == "command":
            return f"\\{token.text}"
        return {"words": f"the text “{token.text[:40]}”", "space": "a wide space"}.get(token.kind, token.text)

    def needed(self, node: Node | None, what: str, at: Token) -> Node:
        """Return what was read, or raise ReadingError where all of it was struck out."""
        if node is None:
            raise self.fail(f"nothing is left {what}", at)
        return node
