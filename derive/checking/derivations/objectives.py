"""What an objective is: the log-likelihood, its expectation Q, the bound, with or without constraints; up to what."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from derive.checking.derivations.beside import with_those_beside
from derive.checking.derivations.constraints import constraints
from derive.checking.derivations.equations import Equations, families_in
from derive.checking.derivations.finding import Finding
from derive.checking.derivations.outcome import Remark, Verdict
from derive.checking.derivations.worlds import Place, UndecidableError, Worlds, difference
from derive.checking.mistakes.catalogue import BY_NAME
from derive.checking.parsing.tree import Node
from derive.em.notation import Notation
from derive.language.calculus_nodes import Named
from derive.language.evaluate import Evaluator
from derive.language.expr import Expr, add, as_expr, mul
from derive.language.family import Family, Symbol
from derive.language.functions import exp, log, sum_over
from derive.language.index import Index
from derive.language.rewrite import rename
from derive.language.world import World


@dataclass(frozen=True)
class Kind:
    """A known objective. name: in words. value: what it is. sign: -1 for one to be minimised."""

    name: str
    value: Expr
    sign: int = 1

    @property
    def is_likelihood(self) -> bool:
        """Whether it is the log-likelihood itself, of either sign."""
        return self.name in ("log-likelihood", "negative log-likelihood")


def of_one_component(notation: Notation, component: Index) -> Iterator[Kind]:
    """What belongs to one component in Q, and in the complete-data log-likelihood."""
    n, k = notation.n, notation.k
    names = ("expected complete-data log-likelihood Q", "complete-data log-likelihood")
    for name, family in zip(names, (notation.gamma, notation.z), strict=True):
        value = notation.over_samples(Symbol(family, (n, k)) * notation.model.log_joint)
        yield Kind(f"part of one component in the {name}", rename(value, {k: component}))


def kinds(notation: Notation) -> Iterator[Kind]:
    """The objectives that derivations of EM begin with."""
    model, n, k = notation.model, notation.n, notation.k
    prior = as_expr(0) if model.log_prior is None else model.log_prior
    joint = model.log_joint
    gamma, z, q = (Symbol(family, (n, k)) for family in (notation.gamma, notation.z, notation.q))
    expected = notation.over_samples_and_components(gamma * joint)
    likelihood = notation.over_samples(log(sum_over(k, exp(joint))))
    complete = notation.over_samples_and_components(z * joint)
    bound = notation.over_samples_and_components(gamma * (joint - log(gamma)))
    any_bound = notation.over_samples_and_components(q * (joint - log(q)))
    named = (
        ("expected complete-data log-likelihood Q", expected),
        ("log-likelihood", likelihood),
        ("complete-data log-likelihood", complete),
        ("lower bound on the log-likelihood", bound),
        ("lower bound on the log-likelihood", any_bound),
    )
    for name, value in named:
        for total in (value, value + prior) if model.log_prior is not None else (value,):
            yield Kind(name, total)
            yield Kind(f"negative {name}", mul(-1, total), -1)


def constant_in(expr: Expr, families: frozenset[str], place: Place, evaluator: Evaluator) -> bool:
    """Whether a formula has the same value when members of these families are drawn anew."""
    if expr == as_expr(0):
        return True
    other = World(
        dict(place.world.sizes),
        place.world.seed,
        families,
        place.world.moderate,
        place.world.whole,
        penalty=place.world.penalty,
    )
    unchanged = {at: value for at, value in evaluator.changed.items() if at[0] not in families}
    moved = Evaluator(other, unchanged)
    return difference(expr, expr, evaluator, moved) is None


CALLED = re.compile(r"log[- ]?likelihood|log(arithm)? of the likelihood", re.IGNORECASE)
QUALIFIED = re.compile(r"(?i:expect|complete|bound|surrogate|auxiliary)|\bQ\b")
EXPECTED = re.compile(r"expect|complete", re.IGNORECASE)
RESTRICTED = re.compile(
    r"\b(relevant|depend|terms|only|ignor|drop|restrict|part|constant|constrain|Lagrang)", re.IGNORECASE
)
CONSTRAINED = re.compile(r"constrain|Lagrang|multiplier", re.IGNORECASE)
MINIMISED = re.compile(r"negative|minimi|loss|cost|NLL|energy", re.IGNORECASE)
MULTIPLIER = BY_NAME["multiplier-forgotten"]
INSIDE_LOG = BY_NAME["sum-inside-log"]
EXPECTATIONS = ("Q", "cal:Q")  # what Q is called
CALLED_LIKELIHOOD = Remark(
    "q-called-log-likelihood",
    "this is not the log-likelihood but Q, the expected complete-data log-likelihood under the responsibilities",
)


def _called_likelihood(prose: str) -> bool:
    """Whether the text before calls it the log-likelihood, and nothing more precise."""
    return any(not QUALIFIED.search(prose[max(0, m.start() - 60) : m.start()]) for m in CALLED.finditer(prose[-200:]))


def _called_expected(key: str, prose: str) -> bool:
    """Whether it is called Q, or the text before calls it an expectation or that of complete data."""
    last = [match.start() for match in CALLED.finditer(prose[-200:])]
    text = prose[-200:]
    return key in EXPECTATIONS or bool(last and EXPECTED.search(text[max(0, last[-1] - 40) : last[-1]]))


class Objectives:
    """What the names of objectives stand for, from the row in which they are defined.

    named: name -> its formula, where the document's is wrong the right one. theirs: wrong ones as they
    stand. arguments: name -> of what it is a function. default: what one is that the document does not define.
    """

    def __init__(self, worlds: Worlds, equations: Equations) -> None:
        """worlds: where formulas are compared; equations: which take the multipliers from an objective."""
        self._worlds, self._equations = worlds, equations
        self.named: dict[str, Expr] = {}
        self.theirs: dict[str, Expr] = {}
        self.arguments: dict[str, Node | None] = {}
        self.default = worlds.vocabulary.notation.objective.definition

    def knows(self, key: str, argument: Node | None) -> bool:
        """Whether a name was defined, for what it is a function of here: J(mu_k) is not J(Sigma_k)."""
        return key in self.named and argument in (None, self.arguments.get(key))

    def alternatives(self, multipliers: tuple[Family, ...]) -> Iterator[Expr]:
        """What an undefined objective may be as well: with constraints, or the log-likelihood."""
        notation = self._worlds.vocabulary.notation
        for kind in kinds(notation):
            for terms in constraints(notation, multipliers):
                yield add(kind.value, *terms)

    def define(
        self,
        key: str,
        value: Expr,
        multipliers: tuple[Family, ...],
        prose: str,
        variable: Family | None,
        *,
        loose: bool,
    ) -> Finding:
        """Judge a definition: it must be a known objective, up to what does not matter for the parameters in it."""
        loose = loose or bool(multipliers) or bool(self.named) or bool(RESTRICTED.search(prose))
        found, terms = self._recognised(value, multipliers, variable, loose=loose)
        if found is not None and found.sign < 0 and not MINIMISED.search(f"{prose} {key}"):
            found = None
        if found is not None and not multipliers and CONSTRAINED.search(prose[-200:]) and self._of_weights(value):
            self._take(key, value, multipliers)
            return Finding(Verdict.WRONG, MULTIPLIER.says, MULTIPLIER.name)
        if found is None or (found.is_likelihood and _called_expected(key, prose)):
            right = add(self.default, *next(self._fitting(value, multipliers)))
            self.theirs[key] = value
            self._take(key, right, multipliers)
            sides = (Named(key, key, right), value)
            if found is not None:
                return Finding(Verdict.WRONG, INSIDE_LOG.says, INSIDE_LOG.name, sides=sides)
            return Finding(Verdict.WRONG, "this is not an objective of EM for the model", sides=sides)
        self._take(key, value, multipliers)
        if found.is_likelihood:  # its gradients are those of Q, with the responsibilities held fixed
            self._constrain(add(mul(found.sign, self.default), *terms), multipliers)
        if "Q" in found.name and found.sign > 0 and _called_likelihood(prose):
            return Finding(Verdict.NOTICE, remarks=(CALLED_LIKELIHOOD,))
        return Finding(Verdict.RIGHT, f"the {found.name}")

    def _take(self, key: str, value: Expr, multipliers: tuple[Family, ...]) -> None:
        self.named[key] = value
        self._constrain(value, multipliers)

    def _constrain(self, value: Expr, multipliers: tuple[Family, ...]) -> None:
        for multiplier in multipliers:
            self._equations.lagrangians[multiplier.name] = value

    def _of_weights(self, value: Expr) -> bool:
        """Whether an objective is about parameters that sum to one, and nothing else."""
        parameters = families_in(value) & set(self._worlds.vocabulary.model.parameters)
        return bool(parameters) and all(family.domain.sums_to_one for family in parameters)

    def _fitting(self, value: Expr, multipliers: tuple[Family, ...]) -> Iterator[tuple[Expr, ...]]:
        """Constraints with the signs that a wrong objective has, if it has any; then any."""
        names = frozenset(multiplier.name for multiplier in multipliers)
        choices = list(constraints(self._worlds.vocabulary.notation, multipliers))
        for terms in choices:
            if self._agrees(add(value, *(mul(-1, term) for term in terms)), names):
                yield terms
        yield from choices

    def _recognised(
        self, value: Expr, multipliers: tuple[Family, ...], variable: Family | None, *, loose: bool
    ) -> tuple[Kind | None, tuple[Expr, ...]]:
        notation = self._worlds.vocabulary.notation
        if not value.shape.is_scalar:
            return None, ()
        parameters = frozenset(family.name for family in notation.model.parameters)
        mentioned = frozenset(family.name for family in families_in(value)) & parameters
        wanted = [parameters]
        if loose:
            wanted += [mentioned] if mentioned else []
            if variable is not None and variable.name in mentioned and not multipliers:
                wanted.append(with_those_beside(value, variable, notation.model.parameters))
        for names in wanted:
            for kind in self._kinds(value):
                for terms in constraints(notation, multipliers):
                    if self._agrees(add(value, mul(-1, kind.value), *(mul(-1, term) for term in terms)), names):
                        return kind, terms
        return None, ()

    def _kinds(self, value: Expr) -> Iterator[Kind]:
        notation = self._worlds.vocabulary.notation
        component = [index for index in value.free if index.size == notation.k.size]
        return of_one_component(notation, component[0]) if component else kinds(notation)

    def _agrees(self, gap: Expr, names: frozenset[str]) -> bool:
        try:
            return all(constant_in(gap, names, place, place.free) for place in self._worlds.places)
        except UndecidableError:
            return False
