"""A derivation as a section of a page: a summary, then its prose and rows with their marks."""

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import PurePath

from derive import templating
from derive.checking.derivations.outcome import CounterExample, Feedback, Row, Verdict
from derive.checking.feedback.clean import clean
from derive.checking.feedback.hints import Hints, names, told
from derive.checking.feedback.marks import MARKS, RESULTS, WORDS, percent
from derive.checking.feedback.mathml import math
from derive.checking.feedback.page import page
from derive.checking.feedback.trees import Trees, of_latex, place, shown, trees
from derive.checking.feedback.views import DerivationView, ExampleView, HintView, MarkView, Piece, RowView, safe, said
from derive.checking.parsing.written import Document, Prose, Written

_CLOSING = frozenset(".,;:!?)]")
_LABELS = {Hints.where: "Hint: where to look", Hints.why: "Hint: why", Hints.solution: "Solution"}


def derivation_page(feedback: Feedback, hints: Hints = Hints.why, document: Document | None = None) -> str:
    """A page on one derivation. document: as it was read, for prose and formulas; without it LaTeX is shown."""
    section = derivation_section(feedback, hints, document, alone=True)
    return page(f"Feedback on {PurePath(feedback.file).name}", [section], f"Checked against {feedback.model}")


def derivation_section(
    feedback: Feedback,
    hints: Hints = Hints.why,
    document: Document | None = None,
    prefix: str = "row",
    *,
    alone: bool = False,
) -> str:
    """The section on one derivation.

    prefix: of the anchors of its rows, when several sections share a page. alone: the page's title names the file.
    """
    anchors = {id(row): f"{prefix}-{i}" for i, row in enumerate(feedback.rows, 1)}
    known = trees(document)
    views = {id(row): _row(row, anchors[id(row)], known, hints) for row in feedback.rows}
    state, headline = _headline(feedback)
    lines = []
    first = feedback.first_wrong
    if first is not None:
        lines.append(f'First wrong row: <a href="#{anchors[id(first)]}">{_where(first)}</a>.')
    lines += [said(remark.says) for remark in feedback.remarks]
    view = DerivationView(
        "" if alone else safe(feedback.file),
        state,
        headline,
        tuple(
            MarkView(word if word in RESULTS else "absent", RESULTS.get(word, "?"), safe(word), safe(name))
            for name, word in feedback.results
        ),
        tuple(lines),
        tuple(_counts(feedback)),
        tuple(_pieces(feedback, document, known, views)),
    )
    return templating.render("html/feedback/derivation.html.jinja", view=view)


def _headline(feedback: Feedback) -> tuple[str, str]:
    total = len(feedback.rows)
    if not total:
        return "unchecked", "No row of mathematics was found."
    checked = sum(row.verdict is not Verdict.UNCHECKED for row in feedback.rows)
    if not checked:
        return "unchecked", f"None of {total} rows of mathematics could be read."
    read = f"{checked} of {total} rows of mathematics checked ({percent(feedback.coverage)})."
    wrong = sum(row.verdict is Verdict.WRONG for row in feedback.rows)
    if wrong:
        return "wrong", f"{wrong} row{'s are' if wrong > 1 else ' is'} wrong; {read}"
    if not feedback.passed:
        return "wrong", f"No row is wrong, but a result is; {read}"
    return "right" if checked == total else "notice", f"Nothing wrong was found; {read}"


def _counts(feedback: Feedback) -> Iterator[MarkView]:
    counted = Counter(row.verdict for row in feedback.rows)
    for verdict in Verdict:
        if counted[verdict]:
            yield MarkView(verdict.value, MARKS[verdict], f"{counted[verdict]} {WORDS[verdict]}")


def _where(row: Row) -> str:
    return f"cell {row.cell}, line {row.line}" if row.cell is not None else f"line {row.line}"


def _pieces(feedback: Feedback, document: Document | None, known: Trees, views: dict[int, RowView]) -> Iterator[Piece]:
    """Rows and prose in the order of the document; formulas inside the text stay there if nothing is to be said."""
    waiting: dict[object, list[Row]] = {}
    for row in feedback.rows:
        waiting.setdefault(place(row), []).append(row)
    if document is None or not set(waiting) <= set(known):
        yield from _without_document(feedback, views)
        return
    prose: list[str] = []
    for block in document.blocks:
        if isinstance(block, Prose):
            prose.append(safe(block.text))
            continue
        rows = waiting.get(place(block))
        judged = rows.pop(0) if rows else None
        inline = not block.display and (judged is None or _is_quiet(judged))
        if inline:
            formula = shown(block, known, lambda stated: math(stated, block=False)) or _source(block.latex)
            mark = f'<sup class="{judged.verdict.value}">{MARKS[judged.verdict]}</sup>' if judged else ""
            prose.append(f'<span class="inline">{formula}{mark}</span>')
        else:
            if prose:
                yield Piece(prose=_joined(prose))
                prose = []
            yield Piece(row=views[id(judged)]) if judged else Piece(prose=_formula(block, known))
    if prose:
        yield Piece(prose=_joined(prose))


def _joined(parts: Sequence[str]) -> str:
    """Text and formulas in one paragraph: no blank before a full stop."""
    return "".join(part if not i or part[:1] in _CLOSING else f" {part}" for i, part in enumerate(parts))


def _is_quiet(row: Row) -> bool:
    return row.verdict is Verdict.RIGHT and not row.remarks and not row.says


def _without_document(feedback: Feedback, views: dict[int, RowView]) -> Iterator[Piece]:
    for row in feedback.rows:
        if row.prose:
            yield Piece(prose=safe(row.prose))
        yield Piece(row=views[id(row)])
    if feedback.after:
        yield Piece(prose=safe(feedback.after))


def _row(row: Row, anchor: str, known: Trees, hints: Hints) -> RowView:
    silent = not row.says and (row.verdict is Verdict.RIGHT or row.remarks)
    notes = [] if silent else [said(names(row, hints) or WORDS[row.verdict])]
    notes += [said(remark.says) for remark in row.remarks]
    return RowView(
        anchor,
        f"{row.cell}:{row.line}" if row.cell is not None else str(row.line),
        row.verdict.value,
        MARKS[row.verdict],
        WORDS[row.verdict],
        _formula(row, known),
        tuple(notes),
        _example(row.counterexample) if row.counterexample else None,
        tuple(HintView(_LABELS[part], _hint(part, text)) for part, text in told(row.hint, hints)),
    )


def _formula(row: Row | Written, known: Trees) -> str:
    formula = shown(row, known, math)
    if formula:
        return formula
    source = clean(row.latex) + " "
    if row.column is None or not 1 <= row.column <= len(source):
        return _source(row.latex)
    at = row.column - 1  # the place that could not be read
    parts = escape(source[:at]), f"<mark>{escape(source[at])}</mark>", escape(source[at + 1 :])
    return f"<code>{''.join(parts)}</code>"


def _source(latex: str) -> str:
    return f"<code>{safe(latex)}</code>"


def _example(example: CounterExample) -> ExampleView:
    sizes = ", ".join(f"<i>{safe(name)}</i> = {size}" for name, size in example.sizes)
    entry = f", {safe(example.entry)}" if example.entry else ""
    return ExampleView(
        f"A counter-example, with {sizes}" if sizes else "A counter-example",
        tuple((_symbol(name), safe(value)) for name, value in example.values),
        ((f"left side{entry}", safe(example.left)), (f"right side{entry}", safe(example.right))),
    )


def _symbol(latex: str) -> str:
    return of_latex(latex, lambda stated: math(stated, block=False)) or _source(latex)


def _hint(part: Hints, text: str) -> str:
    return of_latex(text, math) or _source(text) if part is Hints.solution else said(text)
