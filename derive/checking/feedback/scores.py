"""What a hand-in earns: points for each result and function that is asked, and for the rows of a derivation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from derive.checking.derivations.outcome import Feedback, Row, Verdict
from derive.checking.feedback.code import code_lines
from derive.checking.feedback.gradescope import Earned
from derive.checking.feedback.hints import Hints, names, told
from derive.checking.feedback.marks import WORDS
from derive.checking.implementations.outcome import CodeFeedback, FunctionResult, FunctionVerdict

RESULT, ROWS, FUNCTION = "Result: {}", "Rows", "Function: {}"  # names of what earns points
_LOST = (Verdict.WRONG, Verdict.UNCHECKED)


@dataclass(frozen=True)
class Points:
    """What is earned. rows: by all rows.

    result, function: by each of them, but for those in results and functions, which earn their own.
    """

    result: float = 1.0
    rows: float = 1.0
    function: float = 1.0
    results: Mapping[str, float] = field(default_factory=dict)
    functions: Mapping[str, float] = field(default_factory=dict)

    def of_result(self, name: str) -> float:
        """What a result earns."""
        return self.results.get(name, self.result)

    def of_function(self, name: str) -> float:
        """What a function earns."""
        return self.functions.get(name, self.function)


STANDARD = Points()


def derivation_scores(
    feedback: Feedback, points: Points = STANDARD, asked: Sequence[str] | None = None, hints: Hints = Hints.why
) -> Iterator[Earned]:
    """What a derivation earns.

    A result earns its points where it is reached and right. The rows earn theirs by the share of checked rows that are
    not wrong: what follows from a wrong row counts as right, and what could not be read counts neither way.
    asked: results that are asked; by default all of the model.
    """
    states = dict(feedback.results)
    for name in asked if asked is not None else states:
        state = states.get(name, "absent")
        most = points.of_result(name)
        yield Earned(RESULT.format(name), most if state == "right" else 0.0, most, state == "right", state)
    checked = [row for row in feedback.rows if row.verdict is not Verdict.UNCHECKED]
    right = sum(row.verdict not in _LOST for row in checked)
    share = right / len(checked) if checked else 0.0
    said = "\n".join(line for row in feedback.rows if row.verdict in _LOST for line in _row(row, hints))
    said = f"{right} of {len(checked)} checked rows are not wrong\n{said}"
    yield Earned(ROWS, points.rows * share, points.rows, bool(checked) and right == len(checked), said)


def code_scores(
    feedback: CodeFeedback, points: Points = STANDARD, asked: Sequence[str] | None = None, hints: Hints = Hints.why
) -> Iterator[Earned]:
    """What code earns.

    A function that is right earns its points, one that is wrong a share of them by its parameters that are right, one
    that fails none. asked: functions that are asked; by default those that are there.
    """
    found = {function.name: function for function in feedback.functions}
    for name in asked if asked is not None else found:
        most = points.of_function(name)
        function = found.get(name)
        share = _share(function) if function is not None else 0.0
        said = "\n".join(code_lines(function, hints)) if function is not None else feedback.says or "not handed in"
        yield Earned(FUNCTION.format(name), most * share, most, share == 1.0, said)


def _share(function: FunctionResult) -> float:
    if function.verdict in {FunctionVerdict.RIGHT, FunctionVerdict.NOTICE}:
        return 1.0
    if function.verdict is FunctionVerdict.FAILED or not function.parameters:
        return 0.0
    right = sum(state in {"right", "notice"} for _, state in function.parameters)
    return min(right, len(function.parameters) - 1) / len(function.parameters)  # what is wrong does not earn all


def summary(feedback: Feedback) -> str:
    """A few lines on the whole."""
    first = feedback.first_wrong
    checked = sum(row.verdict is not Verdict.UNCHECKED for row in feedback.rows)
    lines = [f"{feedback.file}: {checked} of {len(feedback.rows)} rows of mathematics checked"]
    lines.append(f"first wrong row: {where(first)}" if first else "no row is wrong" if checked else "nothing is judged")
    lines += [remark.says for remark in feedback.remarks]
    return "\n".join(lines)


def _row(row: Row, hints: Hints) -> Iterator[str]:
    yield f"{where(row)}: {names(row, hints) or WORDS[row.verdict]}"
    for part, text in told(row.hint, hints):
        yield f"  {part.value}: {text}"


def where(row: Row) -> str:
    """The line of a row, and of a notebook the cell."""
    return f"cell {row.cell}, line {row.line}" if row.cell is not None else f"line {row.line}"
