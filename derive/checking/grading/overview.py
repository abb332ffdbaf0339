"""The summary page of a class: how it went, how often each mistake occurred, the scores, and all hand-ins."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from derive import templating
from derive.checking.feedback.marks import RESULTS, percent
from derive.checking.feedback.page import STYLES, page
from derive.checking.feedback.views import safe, said
from derive.checking.grading.graded import Graded
from derive.checking.grading.judged import Judged, State
from derive.checking.grading.pictures import mistakes_picture, scores_picture

HEADINGS = ("student", "file", "points", "read", "first wrong", "results", "mistakes")
_STYLES = (*STYLES, "html/feedback/class.css.jinja")


@dataclass(frozen=True)
class Picture:
    """An image inside of the page."""

    title: str
    address: str
    words: str


@dataclass(frozen=True)
class ClassRow:
    """A row of the table, as finished markup."""

    state: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class ClassView:
    """What the template sees."""

    state: str
    headline: str
    lines: tuple[str, ...]
    pictures: tuple[Picture, ...]
    headings: tuple[str, ...]
    rows: tuple[ClassRow, ...]


def overview(title: str, class_: Sequence[Graded]) -> str:
    """The text of the page. Links lead to pages/SLUG.html beside it."""
    right = sum(student.right for student in class_)
    states = Counter(file.state for student in class_ for file in student.files)
    lines = []
    if any(states[state] for state in _TOLD):
        lines.append("; ".join(words.format(states[state]) for state, words in _TOLD.items() if states[state]) + ".")
    view = ClassView(
        "right" if right == len(class_) else "wrong",
        f"{len(class_)} hand-ins: {right} without anything wrong, {len(class_) - right} with something wrong.",
        tuple(lines),
        tuple(_pictures(class_)),
        HEADINGS,
        tuple(_row(student, file, first=not i) for student in class_ for i, file in enumerate(student.files)),
    )
    section = templating.render("html/feedback/class.html.jinja", view=view)
    return page(title, [section], "How the class did", _STYLES)


_TOLD = {
    State.UNUSABLE: "{} could not be read",
    State.STOPPED: "{} stopped at the time limit",
    State.CRASHED: "{} could not be judged",
}


def mistakes_of(class_: Sequence[Graded]) -> Counter[str]:
    """In how many students' hand-ins each mistake occurs."""
    return Counter(name for student in class_ for name in {name for file in student.files for name in file.mistakes})


def _pictures(class_: Sequence[Graded]) -> list[Picture]:
    pictures = []
    if counts := mistakes_of(class_):
        words = ", ".join(f"{safe(name)}: {count}" for name, count in counts.most_common())
        pictures.append(Picture("How often each mistake occurred", mistakes_picture(counts, len(class_)), words))
    most = max((student.most for student in class_), default=0.0)
    if most:
        scores = [student.score for student in class_]
        words = f"mean {sum(scores) / len(scores):.1f} of {most:g} points"
        pictures.append(Picture("Points", scores_picture(scores, most), words))
    return pictures


def _row(student: Graded, file: Judged, *, first: bool) -> ClassRow:
    cells = (
        f'<a href="pages/{student.slug}.html">{safe(student.student)}</a>' if first else "",
        f"<code>{safe(file.file)}</code>",
        f"{student.score:g}\u00a0of\u00a0{student.most:g}" if first else "",
        percent(file.coverage) if file.coverage is not None else "",
        _place(file),
        " ".join(
            f'<span class="state {_known(word)}">{RESULTS.get(word, "✗")} {safe(name)}</span>'
            for name, word in file.results.items()
        ),
        ", ".join(safe(name) for name in dict.fromkeys(file.mistakes)) or said(file.says if _needs_words(file) else ""),
    )
    return ClassRow(file.state.value, cells)


def _place(file: Judged) -> str:
    """The first wrong line, and of a notebook the cell."""
    if file.first_wrong is None:
        return ""
    cell = file.content.get("first_wrong_cell")
    line = f"line\u00a0{file.first_wrong}"
    return line if cell is None else f"cell\u00a0{int(cell)}, {line}"


def _known(word: str) -> str:
    return word if word in RESULTS else "failed"


def _needs_words(file: Judged) -> bool:
    return file.state not in {State.RIGHT, State.WRONG}
