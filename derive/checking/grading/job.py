"""What a process is asked to do."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from derive.checking.feedback.hints import Hints
from derive.checking.feedback.scores import Points
from derive.checking.grading.assignment import Assignment
from derive.checking.grading.hand_ins import Kind


@dataclass(frozen=True)
class Job:
    """A file to be judged. name: what it is called in feedback. prefix: of anchors. trust_code: run it unprotected."""

    path: str
    name: str
    kind: Kind
    prefix: str
    assignment: Assignment
    hints: Hints
    trust_code: bool

    def plain(self) -> dict[str, Any]:
        """As data that JSON can hold."""
        return asdict(self)

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Self:
        """From what `plain` gave."""
        fields = dict(content)
        assignment = dict(fields["assignment"])
        assignment["hints"] = Hints(assignment["hints"])
        assignment["points"] = Points(**assignment["points"])
        for key in ("results", "functions"):
            assignment[key] = tuple(assignment[key]) if assignment[key] is not None else None
        fields["assignment"] = Assignment(**assignment)
        return cls(**fields | {"kind": Kind(fields["kind"]), "hints": Hints(fields["hints"])})
