"""What a derivation earns: points for each result that is asked, and for the rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from derive.checking.derivations.outcome import Feedback, Row, Verdict
from derive.checking.feedback.gradescope import Earned
from derive.checking.feedback.hints import Hints, told
from derive.checking.feedback.marks import WORDS

RESULT, ROWS, FUNCTION = "Result: {}", "Rows", "Function: {}"  # names of what earns points
_LOST = (Verdict.WRONG, Verdict.UNCHECKED)


@dataclass(frozen=True)
class Points:
    """What is earned. result: by each result, but for those in results, which earn their own. rows: by all rows."""

    result: float = 1.0
    rows: float = 1.0
    results: Mapping[str, float] = field(default_factory=dict)

    def of(self, result: str) -> float:
        """What a result earns."""
        return self.results.get(result, self.result)


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
        most = points.of(name)
        yield Earned(RESULT.format(name), most if state == "right" else 0.0, most, state == "right", state)
    checked = [row for row in feedback.rows if row.verdict is not Verdict.UNCHECKED]
    right = sum(row.verdict not in _LOST for row in checked)
    share = right / len(checked) if checked else 0.0
    said = "\n".join(line for row in feedback.rows if row.verdict in _LOST for line in _row(row, hints))
    said = f"{right} of {len(checked)} checked rows are not wrong\n{said}"
    yield Earned(ROWS, points.rows * share, points.rows, bool(checked) and right == len(checked), said)


def summary(feedback: Feedback) -> str:
    """A few lines on the whole."""
    first = feedback.first_wrong
    checked = sum(row.verdict is not Verdict.UNCHECKED for row in feedback.rows)
    lines = [f"{feedback.file}: {checked} of {len(feedback.rows)} rows of mathematics checked"]
    lines.append(f"first wrong row: {_where(first)}" if first else "no row is wrong")
    lines += [remark.says for remark in feedback.remarks]
    return "\n".join(lines)


def _row(row: Row, hints: Hints) -> Iterator[str]:
    yield f"{_where(row)}: {row.says or WORDS[row.verdict]}"
    for part, text in told(row.hint, hints):
        yield f"  {part.value}: {text}"


def _where(row: Row) -> str:
    return f"cell {row.cell}, line {row.line}" if row.cell is not None else f"line {row.line}"
