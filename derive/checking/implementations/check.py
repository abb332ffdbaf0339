"""A submitted file checked: its functions found, run in isolation, and each compared with the derived one."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from derive.checking.derivations.outcome import Remark
from derive.checking.implementations.assignment import Called, calls_of
from derive.checking.implementations.judge import FunctionJudge
from derive.checking.implementations.outcome import CodeFeedback, FunctionResult, FunctionVerdict
from derive.checking.implementations.problems import setting_of
from derive.checking.implementations.reading import Hints, read
from derive.checking.implementations.vocabulary import FUNCTIONS, ROLES, function_role
from derive.checking.sandbox.child import StoppedError
from derive.checking.sandbox.limits import Limits
from derive.checking.sandbox.session import Function, Session, in_force
from derive.errors import InputError
from derive.models.mixture import Mixture

_LARGEST = 1 << 20  # bytes of a file
_NOT_PYTHON = {".md", ".tex", ".ipynb", ".txt", ".pdf"}


def check_code(
    path: Path,
    model: Mixture,
    calls: Mapping[str, Any] | None = None,
    *,
    trust_code: bool = False,
    limits: Limits | None = None,
    name: str = "",
) -> CodeFeedback:
    """Compare the functions of a file on one step from random parameters, and say what is wrong with them.

    calls: tables [functions.NAME] of an assignment. trust_code: run it without isolation. name: of the file, in
    messages. Raises InputError for a file that cannot be read or has none of the functions, and where there is no
    isolation on this machine and the code is not trusted.
    """
    source = _source(path)
    isolation = in_force(trust_code=trust_code)
    called = calls_of(calls or {}, setting_of(model))
    name = name or str(path)
    with Session(isolation, source, path.name, limits) as session:
        try:
            functions = session.functions()
        except StoppedError as stopped:
            says = f"the file cannot be run: {stopped}"
            return CodeFeedback(name, model.name, isolation.says, (), says, _printed(session))
        chosen = choose(functions, called)
        hints = read(source)
        judged: list[FunctionResult] = []
        for role, function in chosen.items():
            if function is None:
                says = f"there is no function {called[role].name}"
                judged.append(FunctionResult(role, called[role].name, FunctionVerdict.FAILED, says=says))
                continue
            hint = hints.get(function.path, Hints())
            judge = FunctionJudge(session, model, role, function, hint, called.get(role, Called()))
            judged.append(judge.judge())
        raised = session.raised
        printed = _printed(session)
    if not judged and not raised:
        there = ", ".join(function.path for function in functions[:8]) or "nothing"
        raise InputError(
            f"{path}: none of the functions {', '.join(ROLES)} is there, but {there}; an assignment can name them"
        )
    says = f"the file raises {raised}" if raised else ""
    remarks = (Remark("raises", f"{says}; what was defined before it was tried"),) if raised and judged else ()
    return CodeFeedback(name, model.name, isolation.says, tuple(judged), says, printed, remarks)


def choose(functions: Sequence[Function], called: Mapping[str, Called]) -> dict[str, Function | None]:
    """The function for each role: as the assignment names it, else by the usual names; None where a named one lacks."""
    by_path = {function.path: function for function in functions}
    found: dict[str, Function | None] = {}
    for role in ROLES:
        named = called.get(role, Called()).name
        if named:
            found[role] = by_path.get(named) or next((f for p, f in by_path.items() if p.endswith(f".{named}")), None)
            continue
        fitting = [function for function in functions if function_role(function.path) == role]
        if fitting:
            found[role] = min(fitting, key=lambda function, role=role: _rank(role, function.path))  # type: ignore[misc]
    return found


def _rank(role: str, path: str) -> tuple[bool, int, int]:
    """Plain functions before methods, usual names before others."""
    short = "".join(char for char in path.rpartition(".")[2].lower() if char.isalnum())
    return "." in path, FUNCTIONS[role].index(short), len(path)


def _source(path: Path) -> bytes:
    if path.suffix.lower() in _NOT_PYTHON:
        raise InputError(f"{path} is no Python file; `derive check` judges derivations: Markdown, LaTeX, notebooks")
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        raise InputError(f"cannot read {path}: {(error.strerror or str(error)).lower()}") from error
    if len(content) > _LARGEST:
        raise InputError(f"{path}: more than {_LARGEST} bytes are too many for a file of functions")
    return content


def _printed(session: Session) -> str:
    session.restart()  # what the last process printed is read at its end
    return session.printed
