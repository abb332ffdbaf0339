"""Feedback on a terminal: a line a row, with what is said below it, on colour and monochrome, wide and narrow ones."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from derive.checking.derivations.outcome import CounterExample, Feedback, Row, Verdict
from derive.checking.feedback.clean import clean
from derive.checking.feedback.hints import Hints, names, told
from derive.checking.feedback.lines import NARROWEST, hang
from derive.checking.feedback.marks import MARKS, RESULTS, WORDS, percent
from derive.checking.feedback.plain import chains
from derive.checking.feedback.trees import Trees, of_latex, shown, trees
from derive.checking.parsing.written import Document

_STYLES = {
    Verdict.RIGHT: "green",
    Verdict.EQUATION: "cyan",
    Verdict.NOTICE: "yellow",
    Verdict.FOLLOWS: "blue",
    Verdict.WRONG: "bold red",
    Verdict.UNCHECKED: "magenta",
}
_STATES = {"right": "green", "wrong": "bold red", "absent": "yellow"}


def show(console: Console, feedback: Feedback, hints: Hints = Hints.why, document: Document | None = None) -> None:
    """Print what is said of a derivation. document: as it was read, so that formulas are shown as text, not LaTeX."""
    known = trees(document)
    cells = any(row.cell is not None for row in feedback.rows)
    places = [f"{row.cell}:{row.line}" if row.cell is not None else str(row.line) for row in feedback.rows]
    width = max(map(len, places), default=1)
    _line(console, Text(f"{clean(feedback.file)}, {clean(feedback.model)}", style="bold"))
    if cells:
        _line(console, Text("rows by cell:line", style="dim"))
    for place, row in zip(places, feedback.rows, strict=True):
        head = Text.assemble((f"{place:>{width}}", "dim"), "  ", (MARKS[row.verdict], _STYLES[row.verdict]), "  ")
        lines = *_formula(row, known, max(console.width - head.cell_len, NARROWEST)), *_said(row, hints)
        for i, line in enumerate(lines):
            hang(console, Text(" " * head.cell_len) if i else head, line)
    _summary(console, feedback)


def _formula(row: Row, known: Trees, room: int) -> Iterator[Text]:
    if row.verdict is Verdict.UNCHECKED and row.column is not None:
        yield from _caret(row.latex, row.column, room)
    else:
        yield Text(clean(shown(row, known, chains) or row.latex))


def _said(row: Row, hints: Hints) -> Iterator[Text]:
    style = _STYLES[row.verdict]
    says = names(row, hints)
    if says or (row.verdict is not Verdict.RIGHT and not row.remarks):
        yield Text(clean(says or WORDS[row.verdict]), style=style if row.verdict is not Verdict.RIGHT else "dim")
    for remark in row.remarks:
        yield Text(clean(remark.says), style="yellow")
    if row.counterexample is not None:
        yield from _counterexample(row.counterexample)
    for part, text in told(row.hint, hints):
        formula = of_latex(text, chains) if part is Hints.solution else ""
        yield Text(clean(f"{part.value}: {formula or text}"), style="italic")


def _counterexample(example: CounterExample) -> Iterator[Text]:
    given = ", ".join(f"{name} = {size}" for name, size in example.sizes)
    yield Text(f"for example, with {clean(given)}:" if given else "for example:")
    for name, value in example.values:
        yield Text(clean(f"  {of_latex(name, chains) or name} = {value}"))
    entry = f" at {clean(example.entry)}" if example.entry else ""
    yield Text(f"  left{entry}   {clean(example.left)}")
    yield Text(f"  right{entry}  {clean(example.right)}")


def _caret(latex: str, column: int, room: int) -> Iterator[Text]:
    """The source around a place, and a caret below it."""
    source = clean(latex) + " "  # the end of a row is a place, too
    start = 0 if len(source) <= room else max(0, min(column - 1 - room // 2, len(source) - room))
    yield Text(source[start : start + room], no_wrap=True)
    yield Text(" " * (min(column, len(source)) - 1 - start) + "^", no_wrap=True, style="bold")


def _summary(console: Console, feedback: Feedback) -> None:
    console.print()
    for remark in feedback.remarks:
        hang(console, Text("!  ", style="yellow"), Text(clean(remark.says)))
    if feedback.results:
        states = Text()
        for name, state in feedback.results:
            states.append("   " if states else "")
            states.append(clean(f"{RESULTS.get(state, '?')} {name} {state}"), style=_STATES.get(state, ""))
        hang(console, Text("results   "), states)
    total = len(feedback.rows)
    checked = sum(row.verdict is not Verdict.UNCHECKED for row in feedback.rows)
    _line(console, Text(f"coverage  {checked} of {total} rows of mathematics checked ({percent(feedback.coverage)})"))
    first = feedback.first_wrong
    if first is not None:
        where = f"cell {first.cell}, line {first.line}" if first.cell is not None else f"line {first.line}"
        _line(console, Text(f"first wrong row: {where}", style="bold red"))
    elif not total:
        _line(console, Text("no row of mathematics was found", style="bold red"))
    elif not checked:
        _line(console, Text("no row could be read", style="bold red"))
    elif feedback.passed:
        _line(console, Text("nothing wrong", style="bold green"))


def _line(console: Console, text: Text) -> None:
    console.print(text, highlight=False)
