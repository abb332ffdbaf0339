"""What came of one file, and how it travels between processes and into files."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self

from derive.checking.feedback.gradescope import Earned


class State(StrEnum):
    """How judging ended."""

    RIGHT = "right"
    WRONG = "wrong"
    UNUSABLE = "unusable"  # no row, no function could be read
    STOPPED = "stopped"  # at the time limit
    CRASHED = "crashed"


@dataclass(frozen=True)
class Judged:
    """What came of one file.

    says: one line. coverage: of a derivation. first_wrong: line. results: by parameter or function. mistakes: their
    names. earned: what earns points. isolation: in which code ran, "" if none ran. section: markup for the page.
    content: the same as `derive check` or `derive check-code` gives as JSON.
    """

    file: str
    kind: str
    state: State
    says: str = ""
    coverage: float | None = None
    first_wrong: int | None = None
    results: Mapping[str, str] = field(default_factory=dict)
    mistakes: tuple[str, ...] = ()
    earned: tuple[Earned, ...] = ()
    isolation: str = ""
    seconds: float = 0.0
    section: str = ""
    content: Mapping[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """As data that JSON can hold."""
        return asdict(self)

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Self:
        """From what `plain` gave. Raises KeyError, TypeError or ValueError for anything else."""
        fields = dict(content)
        fields["state"] = State(fields["state"])
        fields["mistakes"] = tuple(map(str, fields["mistakes"]))
        fields["earned"] = tuple(Earned(**one) for one in fields["earned"])
        return cls(**fields)
