"""Typical mistakes in an M-step, made in the model's own derived updates: what goes in, the formula, what comes out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.checking.implementations.evaluate import Equations, sizes_of
from derive.checking.implementations.formula_mutants import formulas
from derive.checking.implementations.mutant import Mutant
from derive.checking.implementations.result_mutants import results
from derive.checking.submitted.problem import Arrays, Problem
from derive.language.family import Symbol
from derive.proof.derivation import UpdateEquation

Array = NDArray[np.float64]
GAMMA = "responsibilities"
Change = Callable[[Arrays, Problem], Arrays]


@dataclass(frozen=True)
class Alteration:
    """What is done differently for some parameters, by their names in code.

    formulas: another equation. inputs: other arrays that go into it. results: what becomes of its value.
    """

    formulas: Mapping[str, UpdateEquation] = field(default_factory=dict)
    inputs: Mapping[str, Change] = field(default_factory=dict)
    results: Mapping[str, Callable[[Array, Arrays, Problem], NDArray[Any]]] = field(default_factory=dict)


class UpdateMutants:
    """Mutated M-steps of one model."""

    def __init__(self, equations: Equations) -> None:
        self._equations = equations
        self._updates = {update.target.family.code: update for update in equations.setting.derivation.updates}

    def __iter__(self) -> Iterator[Mutant]:
        """All of them: each for one parameter, then for all of them alike."""
        yield from self._of_inputs()
        yield from self._of_formulas()
        yield from self._of_results()
        yield from self._of_responsibilities()

    def step(self, alteration: Alteration, problem: Problem) -> Arrays:
        """One M-step with the alteration; what is computed goes into later updates, as in the derivation."""
        sizes = sizes_of(problem)
        previous = dict(problem.previous or {})
        start = {"X": problem.X, GAMMA: problem.responsibilities, **previous, **problem.knowns}
        start |= self._equations.moments(start, sizes)
        given = dict(start)
        found = {}
        for code, update in self._updates.items():
            inputs = given | {symbol.family.code: previous[symbol.family.code] for symbol in update.previous}
            if code in alteration.inputs:
                inputs = inputs | alteration.inputs[code](inputs, problem)
            value = self._equations.value(alteration.formulas.get(code, update), inputs, sizes)
            if code in alteration.results:
                value = np.asarray(alteration.results[code](value, inputs, problem), dtype=np.float64)
            found[code] = value
            if value.shape == given[code].shape:
                given[code] = value
        return found

    def _mutant(self, name: str, says: str, alteration: Alteration) -> Mutant:
        return Mutant(name, says, partial(self.step, alteration))

    def _of_inputs(self) -> Iterator[Mutant]:
        """Another value of a parameter that an update uses: the old one, that of the last component, none."""
        codes = set(self._updates)
        for code, update in self._updates.items():
            for used in sorted(_used(update) & codes - {code}):
                for name, says, change in _OF_INPUTS:
                    text = says.format(used=used, code=code)
                    yield self._mutant(name, text, Alteration(inputs={code: partial(_one, used, change)}))

    def _of_formulas(self) -> Iterator[Mutant]:
        derivation = self._equations.setting.derivation
        found: dict[tuple[str, str], dict[str, UpdateEquation]] = {}
        for code, update in self._updates.items():
            for name, says, value in formulas(update.value, derivation):
                changed = replace(update, value=value, system=update.system)
                yield self._mutant(name, f"{code}: {says}", Alteration(formulas={code: changed}))
                found.setdefault((name, says), {}).setdefault(code, changed)
        for (name, says), changed_all in found.items():
            if len(changed_all) > 1:
                yield self._mutant(name, says, Alteration(formulas=changed_all))

    def _of_results(self) -> Iterator[Mutant]:
        families = self._equations.setting.families
        for code in self._updates:
            for name, says, change in results(code, families[code], self._equations.setting):
                yield self._mutant(name, says, Alteration(results={code: change}))
        for name, says, alike in _OF_ALL:
            yield self._mutant(name, says, Alteration(results={c: partial(alike, c) for c in self._updates}))

    def _of_responsibilities(self) -> Iterator[Mutant]:
        weights = self._equations.setting.module.WEIGHTS
        ways = dict(_OF_GAMMA)
        if weights in self._updates:
            says = f"the responsibilities are multiplied by the {weights} once more"
            ways["weights-squared", says] = lambda g, p: _normal(g * (p.previous or {})[weights])
            says = f"the responsibilities are multiplied by the {weights} once more, and not normalised"
            ways["weights-squared", says] = lambda g, p: g * (p.previous or {})[weights]
        for (name, says), change in ways.items():

            def changed(inputs: Arrays, problem: Problem, change: Callable[[Array, Problem], Array] = change) -> Arrays:
                return {GAMMA: change(inputs[GAMMA], problem)}

            yield self._mutant(name, says, Alteration(inputs=dict.fromkeys(self._updates, changed)))
            for code in self._updates:
                yield self._mutant(name, f"{code}: {says}", Alteration(inputs={code: changed}))


_OF_INPUTS: tuple[tuple[str, str, Callable[[Array, Array, Problem], Array]], ...] = (
    ("old-parameter", "the {used} of the previous step are used for the {code}, not the new ones",
     lambda new, old, problem: old),
    ("last-component", "the {used} of the last component are used for all {code}",
     lambda new, old, problem: _all(new, -1)),
    ("first-component", "the {used} of the first component are used for all {code}",
     lambda new, old, problem: _all(new, 0)),
    ("not-subtracted", "the {used} are not used for the {code}", lambda new, old, problem: np.zeros_like(new)),
    ("overall-mean", "the mean of all data is used for the {code}, not each component's {used}",
     lambda new, old, problem: _overall(new, problem)),
    ("mean-over-components", "the mean of the {used} over the components is used for the {code}",
     lambda new, old, problem: _mean(new)),
)  # fmt: skip
_OF_ALL: tuple[tuple[str, str, Callable[[str, Array, Arrays, Problem], Array]], ...] = (
    ("last-component-skipped", "the last component is never updated",
     lambda code, value, inputs, problem: _with(value, -1, (problem.previous or {})[code], inputs[GAMMA])),
    ("last-component-skipped", "the last component is left at zero",
     lambda code, value, inputs, problem: _with(value, -1, np.zeros_like(value), inputs[GAMMA])),
    ("first-component-skipped", "the first component is never updated",
     lambda code, value, inputs, problem: _with(value, 0, (problem.previous or {})[code], inputs[GAMMA])),
    ("first-component-skipped", "the first component is left at zero",
     lambda code, value, inputs, problem: _with(value, 0, np.zeros_like(value), inputs[GAMMA])),
    ("components-reversed", "the components are in the reverse order",
     lambda code, value, inputs, problem: value[::-1] if len(value) == inputs[GAMMA].shape[1] else value),
    ("k-from-wrong-shape", "K is taken from the wrong axis: components beyond the number of coordinates stay zero",
     lambda code, value, inputs, problem: _first(value, inputs, np.zeros_like(value))),
    ("k-from-wrong-shape", "K is taken from the wrong axis: components beyond the number of coordinates stay old",
     lambda code, value, inputs, problem: _first(value, inputs, (problem.previous or {})[code])),
    ("never-updated", "the old parameters are returned",
     lambda code, value, inputs, problem: (problem.previous or {})[code]),
)  # fmt: skip
_OF_GAMMA: dict[tuple[str, str], Callable[[Array, Problem], Array]] = {
    ("hard-counts", "responsibilities are replaced by hard assignments"): lambda g, p: _hard(g),
    ("responsibilities-squared", "the responsibilities are squared"): lambda g, p: g**2,
    ("normalised-over-samples", "the responsibilities are normalised over the samples"): lambda g, p: g / g.sum(axis=0),
    ("responsibilities-forgotten", "the responsibilities are not used"): lambda g, p: np.full(g.shape, 1 / g.shape[1]),
    ("responsibilities-all-one", "all samples count fully for all components"): lambda g, p: np.ones(g.shape),
    ("responsibilities-rooted", "the roots of the responsibilities are used"): lambda g, p: np.sqrt(g),
    ("sample-skipped", "the last sample is skipped"): lambda g, p: _without(g, -1),
    ("first-sample-skipped", "the first sample is skipped"): lambda g, p: _without(g, 0),
    ("components-reversed", "the components are in the reverse order"): lambda g, p: g[:, ::-1],
    ("logarithm-used", "logarithms of the responsibilities are used"): lambda g, p: np.log(g),
    ("hard-assignment-to-last", "each sample counts for its least likely component"): lambda g, p: _hard(-g),
}


def _one(used: str, change: Callable[[Array, Array, Problem], Array], inputs: Arrays, problem: Problem) -> Arrays:
    return {used: change(inputs[used], (problem.previous or {})[used], problem)}


def _used(update: UpdateEquation) -> set[str]:
    found: set[str] = set()

    def note(part: object) -> bool:
        if isinstance(part, Symbol):
            found.add(part.family.code)
        return False

    update.value.contains(note)
    return found


def _hard(gamma: Array) -> Array:
    return np.asarray(np.eye(gamma.shape[1])[gamma.argmax(axis=1)])


def _normal(gamma: Array) -> Array:
    return np.asarray(gamma / gamma.sum(axis=1, keepdims=True))


def _without(gamma: Array, at: int) -> Array:
    changed = gamma.copy()
    changed[at] = 0.0
    return changed


def _all(array: Array, at: int) -> Array:
    return np.broadcast_to(array[at], array.shape).copy()


def _mean(array: Array) -> Array:
    return np.broadcast_to(array.mean(axis=0), array.shape).copy()


def _overall(array: Array, problem: Problem) -> Array:
    return np.broadcast_to(problem.X.mean(axis=0), array.shape).copy()


def _with(value: Array, at: int, other: Array, gamma: Array) -> Array:
    changed = value.copy()
    if value.ndim and len(value) == gamma.shape[1]:
        changed[at] = other[at]
    return changed


def _first(value: Array, inputs: Arrays, other: Array) -> Array:
    X, K = inputs["X"], inputs[GAMMA].shape[1]
    if X.ndim < 2 or X.shape[1] >= K or not value.ndim or len(value) != K:
        return value
    changed = other.copy()
    changed[: X.shape[1]] = value[: X.shape[1]]
    return changed
