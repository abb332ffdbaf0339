"""What is said of handed-in code: a verdict a function and a parameter, notices, and how the code was isolated."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from derive.checking.derivations.outcome import Remark


class FunctionVerdict(StrEnum):
    """What was found on one function."""

    RIGHT = "right"
    NOTICE = "notice"  # right, but for a remark that is harmless
    WRONG = "wrong"
    FAILED = "failed"  # it raises, hangs, or returns nothing that could be compared


@dataclass(frozen=True)
class FunctionResult:
    """One function of a submission.

    name: what it is for: "e_step", "m_step" or "em_step". called: its name in the file. parameters: what it returns,
    by its name in code ("responsibilities", "means", ...), and "right" or "wrong". mistake: its name in the bank of
    mistakes, "" if none was recognised. says: one sentence, "" where there is nothing to say.
    line: where it is defined, 0 if not known.
    """

    name: str
    called: str
    verdict: FunctionVerdict
    parameters: tuple[tuple[str, str], ...] = ()
    mistake: str = ""
    says: str = ""
    remarks: tuple[Remark, ...] = ()
    line: int = 0


@dataclass(frozen=True)
class CodeFeedback:
    """All that is said of one file. says: what is wrong with the file as a whole, "" if nothing. printed: its output.

    isolation: what the code was kept from, as in "bubblewrap 0.8.0: no network, ...", or "none: the code was trusted".
    """

    file: str
    model: str
    isolation: str
    functions: tuple[FunctionResult, ...]
    says: str = ""
    printed: str = ""
    remarks: tuple[Remark, ...] = ()

    @property
    def verdict(self) -> str:
        """The whole: "right", "wrong" or "failed"; "failed" also where there is no function."""
        found = {function.verdict for function in self.functions}
        if FunctionVerdict.WRONG in found:
            return "wrong"
        return "failed" if not found or FunctionVerdict.FAILED in found else "right"

    @property
    def passed(self) -> bool:
        """Whether every function is right, or right but for a notice."""
        return self.verdict == "right"


def as_json(feedback: CodeFeedback) -> dict[str, Any]:
    """What is said of code, as data that JSON can hold."""
    content: dict[str, Any] = {
        "file": feedback.file,
        "model": feedback.model,
        "isolation": feedback.isolation,
        "functions": {function.name: _function(function) for function in feedback.functions},
        "verdict": feedback.verdict,
    }
    if feedback.says:
        content["says"] = feedback.says
    if feedback.remarks:
        content["remarks"] = [{"name": remark.name, "says": remark.says} for remark in feedback.remarks]
    if feedback.printed:
        content["printed"] = feedback.printed
    return content


def _function(function: FunctionResult) -> dict[str, Any]:
    content: dict[str, Any] = {
        "verdict": function.verdict.value,
        "parameters": dict(function.parameters),
        "mistake": function.mistake or None,
        "says": function.says,
        "called": function.called,
    }
    if function.line:
        content["line"] = function.line
    if function.remarks:
        content["remarks"] = [{"name": remark.name, "says": remark.says} for remark in function.remarks]
    return content
