"""One function of a submission: called on all problems, compared, and what is wrong with it said."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from derive.checking.derivations.outcome import Remark
from derive.checking.implementations.arguments import Bound, UnknownArgumentError, bindings, call_of
from derive.checking.implementations.assignment import Called
from derive.checking.implementations.diagnosis import Observed, diagnose
from derive.checking.implementations.expected import bank, expected
from derive.checking.implementations.layouts import Layout, layouts
from derive.checking.implementations.outcome import FunctionResult, FunctionVerdict
from derive.checking.implementations.problems import far_away, problems_of
from derive.checking.implementations.reading import Hints
from derive.checking.implementations.returns import (
    ABSENT,
    NOTICE,
    RIGHT,
    WRONG,
    Places,
    Read,
    locate,
    reread,
)
from derive.checking.implementations.vocabulary import DATA, E_STEP, GAMMA, Vocabulary
from derive.checking.sandbox.session import Call, Function, Returned
from derive.checking.submitted.problem import Arrays, Problem
from derive.models.mixture import Mixture

_MOST_CALLS = 80  # until a way to call a function is found


@dataclass(frozen=True)
class _Way:
    """How a function was called, and where its results stand."""

    bound: Bound
    layout: Layout
    places: Places


class Caller(Protocol):
    """What calls submitted functions: in isolation, or in this process."""

    def call(self, call: Call) -> Returned:
        """Call a function once."""
        ...


class FunctionJudge:
    """Judges one function."""

    def __init__(
        self, session: Caller, model: Mixture, role: str, function: Function, hints: Hints, called: Called
    ) -> None:
        """role: what it is for. hints: what the text says. called: what the assignment says."""
        self._session, self._model, self._role = session, model, role
        self._function, self._hints, self._called = function, hints, called
        self._problems = problems_of(model)
        self._words = Vocabulary(self._problems[0].setting)

    def judge(self) -> FunctionResult:
        """Call it and say what was found."""
        try:
            way, fault = self._way()
        except UnknownArgumentError as unknown:
            return self._failed(
                f"what its argument {unknown} stands for cannot be told from its name; an assignment can say it"
            )
        if way is None:
            return self._failed(fault)
        observed: list[Observed] = []
        returns = []
        for problem in self._problems:
            returned = self._call(way, problem)
            if returned.fault:
                if _is_wrong(observed):
                    break  # what was returned before says more than the fault
                K = problem.responsibilities.shape[1]
                return self._failed(f"{returned.fault}, with N = {len(problem.X)} and K = {K}")
            right = self._right(problem)
            observed.append(Observed(problem, reread(way.places, returned, problem, right), right))
            returns.append(returned)
        return self._result(way, observed, returns)

    def _result(self, way: _Way, observed: Sequence[Observed], returns: Sequence[Returned]) -> FunctionResult:
        states = {name: _worst([one.read[name] for one in observed]) for name in observed[0].read}
        parameters = tuple((name, RIGHT if state in {RIGHT, NOTICE} else WRONG) for name, state in states.items())
        remarks = self._remarks(way, observed, returns)
        mistake, says, verdict = "", "", FunctionVerdict.NOTICE if remarks else FunctionVerdict.RIGHT
        changed = self._changed(returns)
        if WRONG in states.values():
            verdict = FunctionVerdict.WRONG
            mistake, says = diagnose(observed, bank(self._role, self._model))
            if not mistake and changed:
                mistake = "inputs-modified"
            if not mistake and not self._is_repeatable(way, returns[0]):
                mistake = "not-deterministic"
                says = f"called twice with the same arrays, it returns different numbers; {says}"
        elif ABSENT in states.values():
            verdict, mistake = FunctionVerdict.WRONG, "not-returned"
            says = f"it does not return {', '.join(name for name, state in states.items() if state == ABSENT)}"
        elif not self._is_repeatable(way, returns[0]):
            verdict, mistake = FunctionVerdict.WRONG, "not-deterministic"
            says = "called twice with the same arrays, it returns different numbers"
        elif DATA in changed:
            verdict, mistake, says = FunctionVerdict.WRONG, "inputs-modified", "it changes the data X that it is given"
        else:
            if changed:
                mistake = "inputs-modified"
            unstable = self._unstable(way)
            if unstable:
                mistake, says = "no-log-sum-exp", unstable
                remarks = (*remarks, Remark(mistake, says))
                verdict = FunctionVerdict.WRONG if self._called.stable else FunctionVerdict.NOTICE
            says = says or "; ".join(remark.says for remark in remarks)
        return self._made(verdict, parameters, mistake, says, remarks)

    def _way(self) -> tuple[_Way | None, str]:
        """The way to call it in which most is right, and the first fault."""
        problem = self._problems[0]
        right = self._right(problem)
        best: tuple[int, _Way] | None = None
        fault, calls = "", 0
        for bound in bindings(self._role, self._function, self._words, self._hints, self._called):
            for layout in layouts(problem):
                calls += 1
                if calls > _MOST_CALLS:
                    return (best[1], fault) if best else (None, fault)
                read = self._hints.stored if bound.state else ()
                returned = self._session.call(call_of(self._function.path, bound, problem, layout, read))
                if returned.fault:
                    fault = fault or returned.fault
                    if returned.stopped:
                        return (best[1], fault) if best else (None, fault)
                    continue
                places, found = self._located(returned, problem, right)
                states = [one.state for one in found.values()]
                score = 10 * sum(state in {RIGHT, NOTICE} for state in states) + sum(
                    one.value is not None for one in found.values()
                )
                if best is None or score > best[0]:
                    best = score, _Way(bound, layout, places)
                if all(state in {RIGHT, NOTICE} for state in states):
                    return best[1], ""
        return (best[1], fault) if best else (None, fault)

    def _located(self, returned: Returned, problem: Problem, right: Arrays) -> tuple[Places, dict[str, Read]]:
        told = self._called.returns
        if told is None:
            return locate(returned, problem, right, self._words, self._hints.returned)
        places: Places = {name: told.index(name) if name in told else None for name in right}
        return places, reread(places, returned, problem, right)

    def _call(self, way: _Way, problem: Problem) -> Returned:
        read = self._hints.stored if way.bound.state else ()
        return self._session.call(call_of(self._function.path, way.bound, problem, way.layout, read))

    def _right(self, problem: Problem) -> Arrays:
        right = expected(self._role, problem)
        told = self._called.returns
        if told is not None:
            right = {name: value for name, value in right.items() if name in told} or right
        if self._called.standard_deviations:
            right |= {name: np.sqrt(value) for name, value in right.items() if self._is_variance(name)}
        return right

    def _is_variance(self, name: str) -> bool:
        family = self._problems[0].setting.families.get(name)
        if family is None or family.domain.sums_to_one or not family.domain.positive:
            return False
        return family.domain.side is None or family.domain.structure in {"diagonal", "spherical"}

    def _remarks(self, way: _Way, observed: Sequence[Observed], returns: Sequence[Returned]) -> tuple[Remark, ...]:
        found = [Remark("layout", said) for said in way.layout.says]
        for one in observed:
            for read in one.read.values():
                found += [Remark(kind, said) for kind, said in read.notices]
        changed = sorted(self._changed(returns))
        if changed:
            found.append(Remark("inputs-modified", f"it changes its argument: {', '.join(changed)}"))
        if any(one.in_place for one in returns):
            found.append(Remark("in-place", "it returns nothing, and changes its arguments instead"))
        kinds: dict[str, Remark] = {}
        for remark in found:  # the text has sizes in it, which differ between the problems
            kinds.setdefault(f"{remark.name} {remark.says.partition(':')[0].partition(' has shape')[0][:30]}", remark)
        return tuple(kinds.values())

    def _changed(self, returns: Sequence[Returned]) -> set[str]:
        return {name for one in returns if not one.in_place for name in one.changed}

    def _is_repeatable(self, way: _Way, first: Returned) -> bool:
        second = self._call(way, self._problems[0])
        if second.fault or len(second.arrays) != len(first.arrays):
            return False
        return all(
            a.shape == b.shape and np.allclose(a, b, rtol=1e-9, atol=1e-12, equal_nan=True)
            for a, b in zip(first.arrays, second.arrays, strict=True)
        )

    def _unstable(self, way: _Way) -> str:
        """What happens with a sample far from all components, where exp underflows; "" if all is well."""
        if self._role != E_STEP:
            return ""
        far = far_away(self._problems[0])
        if far is None:
            return ""
        returned = self._call(way, far)
        right = self._right(far)
        read = None if returned.fault else reread(way.places, returned, far, right).get(GAMMA)
        if read is not None and read.state in {RIGHT, NOTICE}:
            return ""
        what = returned.fault or "its responsibilities are not finite"
        if read is not None and read.value is not None and np.isfinite(read.value).all():
            what = "its responsibilities do not sum to one"
        return f"for a sample far from all components {what}: densities underflow, log-sum-exp is missing"

    def _failed(self, fault: str) -> FunctionResult:
        return self._made(FunctionVerdict.FAILED, (), "", fault or "it returns nothing that can be compared", ())

    def _made(
        self,
        verdict: FunctionVerdict,
        parameters: tuple[tuple[str, str], ...],
        mistake: str,
        says: str,
        remarks: tuple[Remark, ...],
    ) -> FunctionResult:
        function = self._function
        return FunctionResult(self._role, function.path, verdict, parameters, mistake, says, remarks, function.line)


def _worst(found: Sequence[Read]) -> str:
    order = (RIGHT, NOTICE, ABSENT, WRONG)
    return max((one.state for one in found), key=order.index)


def _is_wrong(observed: Sequence[Observed]) -> bool:
    return any(read.state == WRONG for one in observed for read in one.read.values())
