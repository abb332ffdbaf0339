"""What is said of code, on a terminal and as lines of text."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from derive.checking.feedback.clean import clean
from derive.checking.feedback.hints import Hints
from derive.checking.feedback.lines import hang
from derive.checking.implementations.outcome import CodeFeedback, FunctionResult, FunctionVerdict

CODE_MARKS = {
    FunctionVerdict.RIGHT: "✓",
    FunctionVerdict.NOTICE: "!",
    FunctionVerdict.WRONG: "✗",
    FunctionVerdict.FAILED: "✗",
}
STATES = {"right": "✓", "notice": "!", "wrong": "✗", "absent": "–"}
_STYLES = {"right": "green", "notice": "yellow", "wrong": "bold red", "failed": "bold red", "absent": "yellow"}


def show_code(console: Console, feedback: CodeFeedback, hints: Hints = Hints.why) -> None:
    """Print what is said of code."""
    console.print(Text(clean(f"{feedback.file}, {feedback.model}"), style="bold"), soft_wrap=True)
    if feedback.says:
        hang(console, Text("✗  ", style="bold red"), Text(clean(feedback.says)))
    for function in feedback.functions:
        called = f" ({function.called})" if function.called not in {"", function.name} else ""
        line = f", line {function.line}" if function.line else ""
        title = f"{function.name}{called}{line}: {function.verdict.value}"
        style = _STYLES[function.verdict.value]
        hang(console, Text(f"{CODE_MARKS[function.verdict]}  ", style=style), Text(clean(title), style=style))
        for text in code_lines(function, hints):
            hang(console, Text("   "), Text(clean(text)))
    for remark in feedback.remarks:
        hang(console, Text("!  ", style="yellow"), Text(clean(remark.says)))
    for text in feedback.printed.splitlines()[:20]:
        hang(console, Text("   printed: ", style="dim"), Text(clean(text), style="dim"))
    console.print()
    hang(console, Text("isolation  "), Text(clean(feedback.isolation)))
    style = _STYLES["right" if feedback.passed else "wrong"]
    console.print(Text(feedback.verdict, style=style), soft_wrap=True)


def code_lines(function: FunctionResult, hints: Hints) -> Iterator[str]:
    """What is said of a function: its parameters, what is wrong as far as hints allow, and remarks."""
    if function.parameters:
        yield "  ".join(f"{STATES.get(state, '?')} {name} {state}" for name, state in function.parameters)
    if function.says and tells(function, hints):
        yield function.says
    for remark in function.remarks:
        yield remark.says


def tells(function: FunctionResult, hints: Hints) -> bool:
    """Whether the reason is told: that of a mistake only with hints, that of a failure always."""
    return function.verdict is not FunctionVerdict.WRONG or hints in {Hints.why, Hints.solution}
