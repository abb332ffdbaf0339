"""The page of one student: the points, then what is said of each file."""

from dataclasses import dataclass

from derive import templating
from derive.checking.feedback.page import page
from derive.checking.feedback.views import safe, said
from derive.checking.grading.graded import Graded
from derive.checking.grading.judged import Judged


@dataclass(frozen=True)
class EarnedView:
    """What earns points, and how many."""

    name: str
    points: str


@dataclass(frozen=True)
class ScoreView:
    """All points."""

    state: str
    headline: str
    earned: tuple[EarnedView, ...]


@dataclass(frozen=True)
class NoteView:
    """A file of which no more can be said than a line."""

    file: str
    headline: str


def student_page(title: str, student: Graded) -> str:
    """The text of the page. title: of the assignment."""
    view = ScoreView(
        "right" if student.right else "wrong",
        f"{student.score:g} of {student.most:g} points",
        tuple(EarnedView(safe(one.name), f"{round(one.score, 2):g} of {one.most:g}") for one in student.earned),
    )
    score = templating.render("html/feedback/score.html.jinja", view=view)
    return page(student.student, [score, *map(_section, student.files)], title)


def _section(file: Judged) -> str:
    if file.section:
        return file.section
    view = NoteView(safe(file.file), said(file.says or file.state.value))
    return templating.render("html/feedback/note.html.jinja", view=view)
