"""The entry to all formats."""

from collections.abc import Callable

from derive.errors import InputError
from derive.proof import Derivation
from derive.rendering.document import Document, document
from derive.rendering.html import html
from derive.rendering.latex import latex
from derive.rendering.markdown import markdown
from derive.rendering.terminal import terminal

FORMATS: dict[str, Callable[[Document], str]] = {"markdown": markdown, "latex": latex, "html": html}


def render(
    derivation: Derivation, output_format: str, *, code: str | None = None, digest: str = "", width: int = 120
) -> str:
    """A derivation as text in the format "terminal", "markdown", "latex" or "html".

    code: the generated module, shown beside the equations that it computes. digest: of the derivation, its first eight
    characters are shown. width: of the terminal, in columns. Raises InputError for another format.
    """
    shown = document(derivation, code=code, digest=digest)
    if output_format == "terminal":
        return terminal(shown, width=width)
    if output_format not in FORMATS:
        raise InputError(f"no format is called {output_format!r}; there are: terminal, {', '.join(FORMATS)}")
    return FORMATS[output_format](shown)
