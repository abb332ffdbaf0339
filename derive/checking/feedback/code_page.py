"""What is said of code as a section of a page."""

from dataclasses import dataclass
from pathlib import PurePath

from derive import templating
from derive.checking.feedback.code import CODE_MARKS, STATES, tells
from derive.checking.feedback.hints import Hints
from derive.checking.feedback.page import page
from derive.checking.feedback.views import MarkView, safe, said
from derive.checking.implementations.outcome import CodeFeedback, FunctionResult

_MOST = 10_000  # characters of what was printed


@dataclass(frozen=True)
class FunctionView:
    """A function with what is said of it."""

    name: str
    line: str
    state: str
    mark: str
    parameters: tuple[MarkView, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class CodeView:
    """A file of code."""

    file: str
    state: str
    headline: str
    lines: tuple[str, ...]
    isolation: str
    functions: tuple[FunctionView, ...]
    printed: str


def code_page(feedback: CodeFeedback, hints: Hints = Hints.why) -> str:
    """A page on one file of code."""
    section = code_section(feedback, hints, alone=True)
    return page(f"Feedback on {PurePath(feedback.file).name}", [section], f"Checked against {feedback.model}")


def code_section(feedback: CodeFeedback, hints: Hints = Hints.why, *, alone: bool = False) -> str:
    """The section on one file. alone: the page's title names the file."""
    lines = [said(feedback.says)] if feedback.says else []
    view = CodeView(
        "" if alone else safe(feedback.file),
        feedback.verdict,
        _headline(feedback),
        (*lines, *(said(remark.says) for remark in feedback.remarks)),
        f"Isolation: {safe(feedback.isolation)}",
        tuple(_function(function, hints) for function in feedback.functions),
        "\n".join(map(safe, feedback.printed[:_MOST].splitlines())),
    )
    return templating.render("html/feedback/code.html.jinja", view=view)


def _headline(feedback: CodeFeedback) -> str:
    count = len(feedback.functions)
    if not count:
        return "No function could be tried."
    right = sum(function.verdict in {"right", "notice"} for function in feedback.functions)
    return f"{right} of {count} function{'s' if count > 1 else ''} right."


def _function(function: FunctionResult, hints: Hints) -> FunctionView:
    called = f" ({function.called})" if function.called not in {"", function.name} else ""
    notes = [said(function.says)] if function.says and tells(function, hints) else []
    notes += [said(remark.says) for remark in function.remarks]
    return FunctionView(
        safe(function.name + called),
        str(function.line or ""),
        function.verdict.value,
        CODE_MARKS[function.verdict],
        tuple(
            MarkView(state if state in STATES else "absent", STATES.get(state, "?"), safe(state), safe(name))
            for name, state in function.parameters
        ),
        tuple(notes),
    )
