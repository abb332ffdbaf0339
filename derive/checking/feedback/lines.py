"""Lines on a terminal that go on below themselves."""

from rich.console import Console
from rich.text import Text

NARROWEST = 20  # columns that a text gets at least


def hang(console: Console, head: Text, body: Text) -> None:
    """A head with a text beside it, which goes on below itself."""
    room = max(console.width - head.cell_len, NARROWEST)
    blank = Text(" " * head.cell_len)
    lines = [body] if body.no_wrap else body.wrap(console, room)
    for i, line in enumerate(lines or [Text()]):
        line.rstrip()
        console.print(Text.assemble(blank if i else head, line), highlight=False, soft_wrap=True)
