"""Prose between formulas: paragraphs, each in one line, without the commands and marks that only set it."""

import re
from collections.abc import Iterator

PARAGRAPH = re.compile(r"\n(?:[ \t]*\n)+")
INPUT = re.compile(r"\\(?:input|include|subfile|import)\s*\{?([^\s{}]{0,200})\}?")
SETTING = re.compile(r"\\(?:begin|end)\s*\{[^}]{0,40}\}(?:\[[^\]]{0,40}\])?")
COMMAND = re.compile(r"\\(?:item(?:\[[^\]]{0,60}\])?|[A-Za-z]+\*?(?:\[[^\]]{0,60}\])?)")
MARKS = re.compile(r"^\s{0,3}(?:#{1,6}\s+|[-*+]\s+|\d+[.)]\s+|=+\s*$|-{3,}\s*$)", re.MULTILINE)
TAG = re.compile(r"</?[A-Za-z][^<>]{0,100}>")


def paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """Yield (offset, line) for each paragraph that says something."""
    start = 0
    for gap in [*PARAGRAPH.finditer(text), None]:
        stop = len(text) if gap is None else gap.start()
        piece = text[start:stop]
        plain = plainly(piece)
        if plain:
            yield start + len(piece) - len(piece.lstrip()), plain
        if gap is not None:
            start = gap.end()


def plainly(text: str) -> str:
    """Return prose in one line."""
    text = INPUT.sub(lambda found: f" ({found.group(1) or 'another file'} is not read: a hand-in is one file) ", text)
    text = TAG.sub(" ", MARKS.sub("", text))
    text = COMMAND.sub(" ", SETTING.sub(" ", text))
    text = re.sub(r"[{}]", "", text.replace("**", "").replace("__", "")).replace("\\", "")
    return " ".join(text.replace("~", " ").split())
