"""Why a formula has no meaning in the language: it cannot be read, or what is written cannot be."""

from derive.checking.parsing.tree import Node


class NotReadError(Exception):
    """A formula that uses what is not known here: it is not checked. node: where."""

    def __init__(self, message: str, node: Node | None = None) -> None:
        """Take the reason, and the part of the formula."""
        super().__init__(message)
        self.node = node


class MisfitError(Exception):
    """A formula that was read but cannot be: shapes that do not fit, an index of another plate. node: where.

    mistake: its name in the catalogue, where it is a known one.
    """

    def __init__(self, message: str, node: Node | None = None, mistake: str = "") -> None:
        """Take the reason, the part of the formula, and the mistake's name."""
        super().__init__(message)
        self.node, self.mistake = node, mistake
