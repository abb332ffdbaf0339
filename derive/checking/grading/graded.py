"""What came of one student: all files together, their points, and how that is kept for a run that goes on later."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from derive.checking.feedback.gradescope import Earned, total
from derive.checking.feedback.scores import FUNCTION, RESULT, ROWS
from derive.checking.grading.assignment import Assignment
from derive.checking.grading.hand_ins import Student
from derive.checking.grading.judged import Judged, State


@dataclass(frozen=True)
class Graded:
    """One student. key: digest of all that the outcome depends on. earned: of all files together."""

    student: str
    slug: str
    key: str
    files: tuple[Judged, ...]
    earned: tuple[Earned, ...]

    @property
    def score(self) -> float:
        """The points."""
        return total(self.earned)

    @property
    def most(self) -> float:
        """The points that can be had."""
        return round(sum(one.most for one in self.earned), 2)

    @property
    def right(self) -> bool:
        """Whether nothing is wrong in any file."""
        return all(file.state is State.RIGHT for file in self.files)

    def text(self) -> str:
        """As JSON, without the markup of the page."""
        content = {
            "student": self.student,
            "slug": self.slug,
            "key": self.key,
            "score": self.score,
            "max_score": self.most,
            "earned": [asdict(one) for one in self.earned],
            "files": [replace(file, section="").plain() for file in self.files],
        }
        return json.dumps(content, indent=1) + "\n"

    @classmethod
    def of(cls, text: str) -> Self:
        """From JSON. Raises KeyError, TypeError or ValueError for anything else."""
        content: Mapping[str, Any] = json.loads(text)
        earned = tuple(Earned(**one) for one in content["earned"])
        files = tuple(map(Judged.of, content["files"]))
        return cls(str(content["student"]), str(content["slug"]), str(content["key"]), files, earned)


@dataclass(frozen=True)
class Expected:
    """What every student is to hand in: results of a derivation, if there is to be one, and functions."""

    results: tuple[str, ...]
    derivation: bool
    functions: tuple[str, ...]


def graded(student: Student, key: str, files: Sequence[Judged], assignment: Assignment, expected: Expected) -> Graded:
    """Put the files of a student together.

    What several files earn points for counts once, as the best of them has it; what is expected and not there earns
    none.
    """
    best = {one.name: one for one in _missing(assignment, expected)}
    for file in files:
        for one in file.earned:
            if one.name not in best or (one.score, one.passed) >= (best[one.name].score, best[one.name].passed):
                best[one.name] = one
    return Graded(student.name, student.slug, key, tuple(files), tuple(best.values()))


def _missing(assignment: Assignment, expected: Expected) -> Iterator[Earned]:
    """What is expected, as if nothing of it were there."""
    if expected.derivation:
        for name in expected.results:
            yield Earned(RESULT.format(name), 0.0, assignment.points.of_result(name), passed=False, output="absent")
        yield Earned(ROWS, 0.0, assignment.points.rows, passed=False, output="no row was checked")
    for name in expected.functions:
        most = assignment.points.of_function(name)
        yield Earned(FUNCTION.format(name), 0.0, most, passed=False, output="not handed in")
