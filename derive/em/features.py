"""Features: the log joint is linear in functions of the data, the same for all components.

l_nk = sum_j <eta_j(theta_k), phi_j(x_n)> + what no component enters. All l_nk are then one matrix product, natural
parameters times features, and the statistics are another, features times responsibilities. Terms with equal natural
parameters in all components cancel in the responsibilities: their features are only to be summed, once.
"""

from dataclasses import dataclass, field

from derive.em.ledger import Ledger
from derive.em.linear_in import inner, linear_in, plates, same
from derive.em.names import Names
from derive.em.notation import Notation
from derive.em.separation import ONE, NotSeparableError
from derive.em.shift import state_shift
from derive.em.sums import core_of
from derive.errors import NoClosedFormError
from derive.language.calculus_nodes import At, Named
from derive.language.domain import DiagonalTangent, Domain, Real, SymmetricTangent
from derive.language.expr import Expr, add, mul
from derive.language.family import Family, Role, Symbol
from derive.language.functions import DiagonalPart, Sum, sum_over
from derive.language.rewrite import factors, out_of_sums, rename, substitute
from derive.proof.derivation import Feature, Features, Gathered, Statistics, UpdateEquation


def separate_features(ledger: Ledger, notation: Notation, statistics: Statistics) -> Features | None:
    """Write down the section on features; None where the log joint is not linear in functions of the data."""
    try:
        plan = _plan(notation, statistics)
    except NoClosedFormError:  # features are an offer: a model without them still has its statistics
        return None
    varying = tuple(_stated(ledger, notation, core, family) for core, family in plan.varying.items())
    shared = tuple(_stated(ledger, notation, core, family) for core, family in plan.shared.items())
    joint = Named(f"l_{notation.n}{notation.k}", rf"\ell_{{{notation.n}{notation.k}}}", notation.model.log_joint)
    parts = [
        inner(feature.natural.target, feature.core, notation.n, notation.k)
        for feature in (*varying, *shared)
        if feature.natural is not None
    ]
    step = ledger.add(joint, add(*parts), "features", "linear in functions of the data", source="bishop2006: (2.194)")
    gathered = tuple(_gathered(ledger, statistics, wanted) for wanted in plan.wanted)
    located = state_shift(ledger, notation, statistics, plan.names)
    ledger.close("Features", _words(notation, plan))
    return Features(step.number, varying, shared, gathered, located)


@dataclass(frozen=True)
class _Wanted:
    """A statistic, the value at the origin zero that is summed, and the feature that this is."""

    statistic: Symbol
    value: Expr
    place: int
    shared: bool


@dataclass(frozen=True)
class _Plan:
    """Core -> family of its natural parameter, None for a varying core that only a statistic needs."""

    names: Names
    varying: dict[Expr, Family | None]
    shared: dict[Expr, Family | None]
    wanted: list[_Wanted] = field(default_factory=list)


def _plan(notation: Notation, statistics: Statistics) -> _Plan:
    n, k = notation.n, notation.k
    found = linear_in(notation.model.log_joint, n)
    names = Names.of(notation)
    names.taken.update(equation.target.family.name for equation in statistics.sums)
    letter = next(letter for letter in ("eta", "zeta", "xi", "omega") if letter not in names.taken)
    plan = _Plan(names, {}, {})
    if any(k in core.free for core in found):
        raise NotSeparableError("what is taken of the data differs between components")
    for core in sorted(found, key=lambda core: (core != ONE, k not in found[core].free, len(core.key))):
        chosen = plan.varying if core == ONE or k in found[core].free else plan.shared
        chosen[core] = _family(notation, names, f"{letter}{len(plan.varying) + len(plan.shared)}", core, found[core])
    for equation in statistics.sums:
        plan.wanted.append(_wanted(notation, statistics, plan, equation.target))
    return plan


def _family(notation: Notation, names: Names, name: str, core: Expr, value: Expr) -> Family:
    n, k = notation.n, notation.k
    indices = (*((k,) if k in value.free or core == ONE else ()), *plates(core, n, k))
    name = names.fresh(name)
    stem = name.rstrip("0123456789")
    latex = rf"\{stem}^{{{name.removeprefix(stem)}}}"
    return Family(
        name,
        Role.PARAMETER,
        indices,
        core.shape,
        _domain(core),
        latex,
        name.replace(stem, f"{stem}_"),
        definition=value,
    )


def _domain(core: Expr) -> Domain:
    if core.shape.is_scalar or not core.symmetric:
        return Real()
    side = core.shape.rows
    return DiagonalTangent(side) if isinstance(core, DiagonalPart) else SymmetricTangent(side)


def _wanted(notation: Notation, statistics: Statistics, plan: _Plan, target: Symbol) -> _Wanted:
    """Find the feature whose sum a statistic about the origin zero is."""
    weight = notation.model.sample_weights
    core = _at_zero(core_of(target.family), statistics)
    is_component = isinstance(core, Sum) and core.index.size == notation.k.size
    body = rename(core.body, {core.index: notation.k}) if is_component and isinstance(core, Sum) else core
    free = [
        part
        for part in factors(body)
        if not _is(part, notation.gamma) and not (weight is not None and _is(part, weight))
    ]
    if not is_component:  # responsibilities sum to one over the components
        is_component = any(_is_sum_of(part, notation) for part in free)
        free = [part for part in free if not _is_sum_of(part, notation)]
    summed = mul(*free)
    if is_component and notation.k in summed.free:
        raise NotSeparableError(f"{target} sums over components what differs between them")
    weighted = any(_is(part, notation.gamma) for part in factors(body)) and not is_component
    chosen = plan.varying if weighted else plan.shared
    at = same(summed, list(chosen))
    if at is None and not weighted:
        raise NotSeparableError(f"{target} sums what does not stand in the log joint")
    if at is None:
        chosen[summed] = None
        at = summed, {}
    value = sum_over(notation.n, core if weighted else mul(notation.model.sample_weight, summed))
    return _Wanted(target, value, list(chosen).index(at[0]), not weighted)


def _at_zero(core: Expr, statistics: Statistics) -> Expr:
    """What is summed, about the origin zero."""
    for symbol in _residuals(core):
        definition = symbol.family.definition
        assert definition is not None  # noqa: S101 - for the type checker
        core = substitute(core, Symbol(symbol.family, symbol.family.indices), definition)
    for origin in statistics.origins:
        core = substitute(core, Symbol(origin.origin, origin.origin.indices), mul(0, origin.origin.symbol))
    return out_of_sums(core)


def _residuals(expr: Expr) -> set[Symbol]:
    own = {expr} if isinstance(expr, Symbol) and _is_residual(expr.family) else set()
    return own.union(*(_residuals(child) for child in expr.children))


def _is_sum_of(part: Expr, notation: Notation) -> bool:
    """Whether a part is the sum of a sample's responsibilities."""
    return isinstance(part, Sum) and part.index.size == notation.k.size and _is(part.body, notation.gamma)


def _is_residual(family: Family) -> bool:
    return family.role is Role.DATA and family.definition is not None


def _is(part: Expr, family: Family) -> bool:
    return isinstance(part, Symbol) and part.family == family


def _stated(ledger: Ledger, notation: Notation, core: Expr, family: Family | None) -> Feature:
    if family is None:
        return Feature(core, _domain(core), None)
    symbol = Symbol(family, family.indices)
    assert family.definition is not None  # noqa: S101 - for the type checker
    of = "1" if core == ONE else str(core)
    words = f"natural parameter of {of}" if notation.k in family.indices else f"of {of}, the same for all {notation.k}"
    step = ledger.add(symbol, family.definition, "natural-parameter", words)
    return Feature(core, family.domain, UpdateEquation(symbol, step.right, step.number))


def _gathered(ledger: Ledger, statistics: Statistics, wanted: _Wanted) -> Gathered:
    value: Expr = wanted.statistic
    if not _residuals(core_of(wanted.statistic.family)):  # it has no origin
        number = next(sum_.number for sum_ in statistics.sums if sum_.target == wanted.statistic)
        return Gathered(wanted.statistic, number, wanted.place, wanted.shared)
    for origin in statistics.origins:
        symbol = Symbol(origin.origin, origin.origin.indices)
        value = At(value, symbol, mul(0, symbol))
    words = "about the origin zero: a sum of features"
    step = ledger.add(value, wanted.value, "gathered", words)
    return Gathered(wanted.statistic, step.number, wanted.place, wanted.shared)


def _words(notation: Notation, plan: _Plan) -> str:
    n, k = notation.n, notation.k
    words = f"All l_{n}{k} are one matrix product, and so are the statistics."
    if plan.shared:
        words += f" Terms that do not depend on {k} cancel in {notation.spoken(notation.gamma)}."
    return words
