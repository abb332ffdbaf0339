"""Typical mistakes in an E-step, made in the terms of the model's own log joint density."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from derive.checking.implementations.evaluate import Equations, posterior, sizes_of
from derive.checking.implementations.mutant import Mutant
from derive.checking.submitted.problem import Arrays, Problem
from derive.language.expr import Expr, add
from derive.language.family import Role, Symbol
from derive.language.functions import Inverse, LogDet, Sum, sum_over
from derive.language.rewrite import terms

Array = NDArray[np.float64]
GAMMA = "responsibilities"
Joint = Callable[[Problem], Array]


class PosteriorMutants:
    """Mutated E-steps of one model."""

    def __init__(self, equations: Equations) -> None:
        self._equations = equations
        self._derivation = equations.setting.derivation
        self._module = equations.setting.module
        self._whole = self._derivation.log_joint
        self._weights = self._module.WEIGHTS

    def __iter__(self) -> Iterator[Mutant]:
        """All of them, the likeliest first."""
        yield from self._of_weights()
        yield from self._of_normalising()
        yield from self._of_terms()
        yield from self._of_parameters()

    def _joint(self, problem: Problem, value: Expr | None = None, previous: Arrays | None = None) -> Array:
        inputs = {"X": problem.X, **(problem.previous or {}), **problem.knowns, **(previous or {})}
        equation = self._whole if value is None else replace(self._whole, value=value)
        return self._equations.value(equation, inputs, sizes_of(problem))

    def _log_weights(self, problem: Problem) -> Array:
        return np.log((problem.previous or {})[self._weights])

    def _of_weights(self) -> Iterator[Mutant]:
        if not self._weights or self._weights not in self._module.PARAMETER_SHAPES:
            return
        say = self._weights
        changes: tuple[tuple[str, str, Callable[[Array, Array], Array]], ...] = (
            ("weights-forgotten", f"the {say} are missing in the responsibilities", lambda l, w: l - w),
            ("weights-squared", f"the {say} stand twice in the responsibilities", lambda l, w: l + w),
            ("log-of-weights-forgotten", f"the {say} are added to the log density without a log",
             lambda l, w: l - w + np.exp(w)),
            ("weights-inverted", f"the responsibilities are divided by the {say}", lambda l, w: l - 2 * w),
        )  # fmt: skip
        for name, says, change in changes:

            def value(problem: Problem, change: Callable[[Array, Array], Array] = change) -> Arrays:
                return {GAMMA: posterior(change(self._joint(problem), self._log_weights(problem)))}

            yield Mutant(name, says, value)
        bare: tuple[tuple[str, str, Callable[[Array, Array], Array]], ...] = (
            ("numerator-without-weights", f"the {say} are missing in the numerator of the responsibilities",
             lambda l, w: np.exp(l - w) / np.exp(l).sum(axis=1, keepdims=True)),
            ("denominator-without-weights", f"the {say} are missing in the denominator of the responsibilities",
             lambda l, w: np.exp(l) / np.exp(l - w).sum(axis=1, keepdims=True)),
            ("not-normalised", f"densities are returned, neither weighted by the {say} nor divided by their sum",
             lambda l, w: np.exp(l - w)),
            ("only-weights", f"the responsibilities are the {say}, whatever the data",
             lambda l, w: np.broadcast_to(np.exp(w), l.shape)),
        )  # fmt: skip
        for name, says, change in bare:

            def found(problem: Problem, change: Callable[[Array, Array], Array] = change) -> Arrays:
                return {GAMMA: change(self._joint(problem), self._log_weights(problem))}

            yield Mutant(name, says, found)

    def _of_normalising(self) -> Iterator[Mutant]:
        changes: tuple[tuple[str, str, Callable[[Array], Array]], ...] = (
            ("not-normalised", "the responsibilities are not divided by their sum over the components", np.exp),
            ("normalised-over-samples", "the responsibilities are normalised over the samples, not over the components",
             lambda l: np.exp(l) / np.exp(l).sum(axis=0)),
            ("normalised-over-everything", "the responsibilities are divided by one sum over samples and components",
             lambda l: np.exp(l) / np.exp(l).sum()),
            ("normalised-by-maximum", "the responsibilities are divided by the largest one, not by their sum",
             lambda l: np.exp(l - l.max(axis=1, keepdims=True))),
            ("hard-assignment", "each sample is given to one component: these are hard assignments",
             lambda l: np.eye(l.shape[1])[l.argmax(axis=1)]),
            ("logarithm-returned", "the log joint density is returned, not the responsibilities", lambda l: l),
            ("log-normalised-linearly", "log densities are divided by their sum: the exponential is missing",
             lambda l: l / l.sum(axis=1, keepdims=True)),
            ("uniform", "all responsibilities are equal", lambda l: np.full(l.shape, 1 / l.shape[1])),
            ("responsibilities-squared", "the responsibilities come out squared", lambda l: posterior(l) ** 2),
            ("mean-over-components", "the sum over the components is a mean: everything is K times too large",
             lambda l: posterior(l) * l.shape[1]),
            ("divided-by-samples", "the responsibilities are divided by N besides", lambda l: posterior(l) / len(l)),
            ("components-reversed", "the components are in the reverse order", lambda l: posterior(l)[:, ::-1]),
        )  # fmt: skip
        for name, says, change in changes:
            yield Mutant(name, says, lambda problem, change=change: {GAMMA: change(self._joint(problem))})  # type: ignore[misc]

    def _softmax(self, value: Expr, problem: Problem) -> Arrays:
        return {GAMMA: posterior(self._joint(problem, value))}

    def _of_terms(self) -> Iterator[Mutant]:
        """Terms of the log joint density lost, doubled, halved, of the other sign; also those below a sum."""
        whole = self._whole.value
        parts = terms(whole)
        for i, term in enumerate(parts):
            inner = terms(term.body) if isinstance(term, Sum) else ()
            others = [*parts[:i], *parts[i + 1 :]]
            for name, says, changed in self._of_term(term):
                yield Mutant(name, says, partial(self._softmax, add(*others, changed)))
            for j, part in enumerate(inner if isinstance(term, Sum) else ()):
                assert isinstance(term, Sum)  # noqa: S101 - it has a body
                rest = [*inner[:j], *inner[j + 1 :]]
                for name, says, changed in self._of_term(part):
                    body = add(*rest, changed)
                    yield Mutant(name, says, partial(self._softmax, add(*others, sum_over(term.index, body))))
        without = [term for term in parts if _has(term, Role.DATA) or self._is_weight(term)]
        if 0 < len(without) < len(parts):
            says = "the normalising constant of the density is missing"
            yield Mutant("normaliser-forgotten", says, partial(self._softmax, add(*without)))
        bare = without_inverse(whole)
        if bare != whole:
            yield Mutant("inverse-lost", "a matrix stands where its inverse belongs", partial(self._softmax, bare))

    def _is_weight(self, term: Expr) -> bool:
        return term.contains(lambda part: isinstance(part, Symbol) and part.family.code == self._weights)

    def _of_term(self, term: Expr) -> Iterator[tuple[str, str, Expr]]:
        if self._is_weight(term):
            return
        has_data = _has(term, Role.DATA)
        if term.contains(lambda part: isinstance(part, LogDet)):
            yield "determinant-without-root", "the determinant stands without its root", 2 * term
            yield "determinant-forgotten", "the determinant is missing", 0 * term
            yield "determinant-sign", "the density is multiplied by the root of the determinant", -1 * term
            yield "determinant-fourth-root", "the determinant stands under a fourth root", term / 2
            return
        if not _has(term, Role.PARAMETER):
            return
        where = "exponent" if has_data else "normalising constant"
        lost = "exponent-half-lost" if has_data else "root-lost"
        yield lost, f"a factor 1/2 is missing in the {where} of the density", 2 * term
        forgotten = "a term of the log density with the data" if has_data else "the normalising constant of the density"
        yield "term-forgotten" if has_data else "normaliser-forgotten", f"{forgotten} is missing", 0 * term
        yield "sign", f"the {where} of the density has the wrong sign", -1 * term
        yield "half-too-many", f"a factor 1/2 is too much in the {where} of the density", term / 2

    def _of_parameters(self) -> Iterator[Mutant]:
        families = self._equations.setting.families
        codes = [code for code in self._module.PARAMETER_SHAPES if code != self._weights]
        for code in codes:
            family = families[code]
            for name, says, change in altered(code, domain_is_positive=family.domain.positive):
                if family.indices or "component" not in name:
                    yield Mutant(name, says, partial(self._changed, code, change))
            if family.domain.side is not None:
                says = f"only the diagonal of the {code} is used"
                yield Mutant("diagonal-only", says, partial(self._changed, code, lambda a: a * np.eye(a.shape[-1])))
                says = f"the {code} stand where their inverse belongs"
                yield Mutant("inverse-lost", says, partial(self._changed, code, _inverse))
        for one, other in combinations(codes, 2):
            says = f"the {one} and the {other} have changed places"
            yield Mutant("parameters-exchanged", says, partial(self._exchanged, one, other))

    def _changed(self, code: str, change: Callable[[Array], Array], problem: Problem) -> Arrays:
        changed = {code: np.asarray(change((problem.previous or {})[code]))}
        return {GAMMA: posterior(self._joint(problem, previous=changed))}

    def _exchanged(self, one: str, other: str, problem: Problem) -> Arrays:
        previous = problem.previous or {}
        if previous[one].shape != previous[other].shape:
            return {}
        return {GAMMA: posterior(self._joint(problem, previous={one: previous[other], other: previous[one]}))}


def altered(code: str, *, domain_is_positive: bool) -> Iterator[tuple[str, str, Callable[[Array], Array]]]:
    """Alterations of a parameter that is used in a formula."""
    yield "last-component", f"the {code} of the last component are used for all", lambda a: _all(a, -1)
    yield "first-component", f"the {code} of the first component are used for all", lambda a: _all(a, 0)
    if domain_is_positive:
        says = f"the {code} are taken for standard deviations: their square is used"
        yield "standard-deviation-for-variance", says, lambda a: a**2 if a.ndim < 3 else a @ a
        yield "root-of-parameter", f"the root of the {code} is used", lambda a: np.sqrt(np.abs(a))
        yield "inverse-parameter", f"1 over the {code} is used", lambda a: 1 / a
    yield "not-subtracted", f"the {code} are not used", np.zeros_like
    yield "mean-over-components", f"the mean of the {code} over the components is used", _mean


def without_inverse(expr: Expr) -> Expr:
    """The expression with every inverse matrix replaced by the matrix."""
    return without_inverse(expr.arg) if isinstance(expr, Inverse) else expr.map(without_inverse)


def _all(array: Array, at: int) -> Array:
    return np.broadcast_to(array[at], array.shape).copy()


def _mean(array: Array) -> Array:
    return np.broadcast_to(array.mean(axis=0), array.shape).copy()


def _inverse(array: Array) -> Array:
    return np.asarray(np.linalg.inv(array))


def _has(expr: Expr, role: Role) -> bool:
    return expr.contains(lambda part: isinstance(part, Symbol) and part.family.role is role)
