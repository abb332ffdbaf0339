"""Why a formula cannot be read, and where."""

from derive.errors import DeriveError


class ReadingError(DeriveError):
    """A formula that cannot be read: never right, never wrong. column: 1-based, in the row's text."""

    def __init__(self, message: str, column: int) -> None:
        """Take the reason and the column."""
        super().__init__(message)
        self.column = column
