"""Judging one file: what is said of it as a section of a page, as data, and as points."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from derive.checking.derivations.check import DEFAULT_MODEL, check_document
from derive.checking.derivations.outcome import Feedback, Verdict
from derive.checking.feedback.code import tells
from derive.checking.feedback.code_page import code_section
from derive.checking.feedback.derivation_page import derivation_section
from derive.checking.feedback.marks import percent
from derive.checking.feedback.report import as_json
from derive.checking.feedback.scores import code_scores, derivation_scores, where
from derive.checking.grading.hand_ins import Kind
from derive.checking.grading.job import Job
from derive.checking.grading.judged import Judged, State
from derive.checking.implementations.check import check_code
from derive.checking.implementations.outcome import as_json as code_as_json
from derive.checking.parsing.documents import read_document
from derive.errors import DeriveError
from derive.models.load import load_model


def judge(job: Job) -> Judged:
    """Judge a file. What it cannot be used for is said in the outcome; nothing that a file holds raises."""
    try:
        return _JUDGES[job.kind](job)
    except DeriveError as error:
        said = str(error).replace(job.path, job.name)  # where the file lies is nobody's business
        return Judged(job.name, job.kind.value, State.UNUSABLE, said)


def _derivation(job: Job) -> Judged:
    document = replace(read_document(Path(job.path)), name=job.name)
    model = load_model(job.assignment.model) if job.assignment.model else None
    feedback = _asked(check_document(document, model), job.assignment.results)
    first = feedback.first_wrong
    return Judged(
        job.name,
        job.kind.value,
        _state(feedback),
        _said(feedback),
        feedback.coverage,
        first.line if first else None,
        dict(feedback.results),
        tuple(row.mistake for row in feedback.rows if row.mistake),
        tuple(derivation_scores(feedback, job.assignment.points, job.assignment.results, job.hints)),
        section=derivation_section(feedback, job.hints, document, job.prefix),
        content=as_json(feedback, job.hints),
    )


def _asked(feedback: Feedback, results: tuple[str, ...] | None) -> Feedback:
    """Without the results that are not asked."""
    if results is None:
        return feedback
    return replace(feedback, results=tuple(pair for pair in feedback.results if pair[0] in results))


def _state(feedback: Feedback) -> State:
    if all(row.verdict is Verdict.UNCHECKED for row in feedback.rows):
        return State.UNUSABLE
    return State.RIGHT if feedback.passed else State.WRONG


def _said(feedback: Feedback) -> str:
    if not feedback.rows:
        return "no row of mathematics was found"
    first = feedback.first_wrong
    if not feedback.coverage:
        return f"none of {len(feedback.rows)} rows of mathematics could be read"
    begin = f"first wrong row in {where(first)}: {first.says}" if first else "no row is wrong"
    return f"{begin} ({percent(feedback.coverage)} of the rows checked)"


def _code(job: Job) -> Judged:
    model = load_model(job.assignment.model or DEFAULT_MODEL)
    feedback = check_code(Path(job.path), model, job.assignment.calls, trust_code=job.trust_code, name=job.name)
    said = [feedback.says, *(function.says for function in feedback.functions if tells(function, job.hints))]
    states = {function.name: function.verdict.value for function in feedback.functions}
    return Judged(
        job.name,
        job.kind.value,
        State.RIGHT if feedback.passed else State.WRONG,
        next(filter(None, said), feedback.verdict),
        results={name: "right" if state == "notice" else state for name, state in states.items()},
        mistakes=tuple(function.mistake for function in feedback.functions if function.mistake),
        earned=tuple(code_scores(feedback, job.assignment.points, job.assignment.functions, job.hints)),
        isolation=feedback.isolation,
        section=code_section(feedback, job.hints),
        content=code_as_json(feedback),
    )


_JUDGES: dict[Kind, Callable[[Job], Judged]] = {Kind.DERIVATION: _derivation, Kind.CODE: _code}
