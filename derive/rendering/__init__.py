"""Documents from a derivation: terminal, Markdown, LaTeX, HTML and notebook."""

from derive.rendering.notebook import notebook
from derive.rendering.render import render

__all__ = ["notebook", "render"]
