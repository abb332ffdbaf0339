"""A function of the reader's own, compared where it is: in a notebook's cell, a test of nbgrader or of otter."""

import inspect
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from derive.checking.derivations.check import DEFAULT_MODEL
from derive.checking.implementations.assignment import Called, calls_of
from derive.checking.implementations.judge import FunctionJudge
from derive.checking.implementations.outcome import FunctionResult, FunctionVerdict
from derive.checking.implementations.problems import setting_of
from derive.checking.implementations.reading import Hints
from derive.checking.implementations.vocabulary import ROLES, function_role
from derive.checking.sandbox.inside.main import called
from derive.checking.sandbox.session import Call, Function, Returned
from derive.errors import InputError
from derive.models.load import load_model
from derive.models.mixture import Mixture

_PATH = "function"


@dataclass(frozen=True)
class CheckedFunction:
    """A function that is right. model: what it was compared with."""

    model: str
    result: FunctionResult

    def __str__(self) -> str:
        """One line, and a line for each remark."""
        names = ", ".join(name for name, state in self.result.parameters if state != "absent")
        said = f"✓ {self.result.called} is right on one step of {self.model}: {names}"
        return "\n".join([said, *(f"! {remark.says}" for remark in self.result.remarks)])

    def _repr_markdown_(self) -> str:
        return "\n\n".join(str(self).splitlines())

    def _repr_html_(self) -> str:
        return "".join(f"<p>{escape(line)}</p>" for line in str(self).splitlines())


def check_function(
    function: Callable[..., Any],
    model: str | Mixture = DEFAULT_MODEL,
    name: str | None = None,
    calls: Mapping[str, Any] | None = None,
) -> CheckedFunction:
    """Compare a function with the derived one on one step from random parameters, in this process.

    name: "e_step", "m_step" or "em_step"; by default what the function's own name says. calls: how it is called, as
    {"arguments": ["X", "responsibilities"], "returns": ["weights", "means", "covariances"]}, where that cannot be
    recognised. Raises AssertionError, with a sentence, where the function is wrong or fails, InputError where it
    cannot be told what the function is for.
    """
    if not callable(function):
        raise InputError(f"check_function needs a function, not {function!r}")
    own = str(getattr(function, "__name__", type(function).__name__))
    role = name or function_role(own)
    if role not in ROLES:
        raise InputError(f"what {own} is for is not clear: add name= with one of {', '.join(ROLES)}")
    mixture = load_model(model) if isinstance(model, str) else model
    called_as = calls_of({role: calls} if calls else {}, setting_of(mixture))
    module = types.ModuleType(own)
    setattr(module, _PATH, function)
    judge = FunctionJudge(
        _Here(module), mixture, role, Function(_PATH, 0, _parameters(function)), Hints(), called_as.get(role, Called())
    )
    result = judge.judge()
    result = FunctionResult(role, own, result.verdict, result.parameters, result.mistake, result.says, result.remarks)
    if result.verdict in {FunctionVerdict.WRONG, FunctionVerdict.FAILED}:
        wrong = ", ".join(parameter for parameter, state in result.parameters if state == "wrong")
        said = f"{own} is {result.verdict.value}" + (f" in {wrong}" if wrong else "")
        raise AssertionError(f"{said}: {result.says}" if result.says else said)
    return CheckedFunction(mixture.name, result)


class _Here:
    """Calls in this process."""

    def __init__(self, module: types.ModuleType) -> None:
        self._module = module

    def call(self, call: Call) -> Returned:
        """Call the function once."""
        head = {"path": call.path, "arguments": call.arguments, "state": call.state, "read": call.read}
        answer, arrays = called(self._module, self._module.__name__, head, call.arrays)
        if "raised" in answer:
            return Returned(fault=f"it raises {answer['raised']}")
        if "unusable" in answer:
            return Returned(fault=f"it returns {answer['unusable']}")
        return Returned(tuple(answer["labels"]), tuple(arrays.values()), tuple(answer["changed"]), answer["in_place"])


def _parameters(function: Callable[..., Any]) -> tuple[tuple[str, str, bool], ...] | None:
    try:
        found = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    return tuple((one.name, one.kind.name, one.default is not inspect.Parameter.empty) for one in found)
