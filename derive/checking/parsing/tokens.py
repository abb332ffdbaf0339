"""The smallest parts of a formula."""

from collections.abc import Sequence
from typing import NamedTuple

from derive.checking.parsing.problems import ReadingError


class Token(NamedTuple):
    r"""A part of a row with its span in the row's text; what a macro stands for has the span of its call.

    kind: "command" (text without the backslash), "letter", "digit", "char", "text" (the words of a \text); after
    normalising also "relation", "link", "word" (a name of several letters), "words" (running text), "space" (a wide
    one), "box" and "gone" (struck out). side: "open", "close" or "middle" for what stands behind \left, \right,
    \middle. spaced: white space stands before it. depth: of macros.
    """

    kind: str
    text: str
    start: int
    end: int
    side: str = ""
    spaced: bool = False
    depth: int = 0

    def like(self, kind: str, text: str) -> "Token":
        """Return another token at the same place."""
        return self._replace(kind=kind, text=text)

    def is_char(self, *texts: str) -> bool:
        """Whether it is one of these characters."""
        return self.kind == "char" and self.text in texts

    def is_command(self, *texts: str) -> bool:
        """Whether it is one of these commands."""
        return self.kind == "command" and self.text in texts


def matching(tokens: Sequence[Token]) -> dict[int, int]:
    """Return where each opening brace is closed. Raises ReadingError where braces do not match."""
    opened: list[int] = []
    found: dict[int, int] = {}
    for place, token in enumerate(tokens):
        if token.is_char("{"):
            opened.append(place)
        elif token.is_char("}"):
            if not opened:
                raise ReadingError("a brace } that nothing opens", token.start + 1)
            found[opened.pop()] = place
    if opened:
        raise ReadingError("a brace { that is never closed", tokens[opened[-1]].start + 1)
    return found
