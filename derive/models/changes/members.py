"""Members of single components that are not free: fixed at a value, or a multiple of another member."""

from dataclasses import replace
from fractions import Fraction

from derive.errors import ModelError
from derive.language.domain import Real, Simplex
from derive.language.expr import Expr, Number, Zero, mul
from derive.language.family import Binding, Family, Symbol
from derive.language.index import Index
from derive.language.rewrite import mentions
from derive.models.changes.naming import renamed
from derive.models.changes.replacing import replaced
from derive.models.changes.values import in_domain
from derive.models.mixture import Mixture
from derive.models.reading.linear import Equation, zero

Solved = dict[int, Equation]


def bound(model: Mixture, family: Family, equation: Equation, verb: str) -> Mixture:
    """Return the model with one more linear equation between members of a family.

    Raises ModelError for equations that contradict each other, a value outside of the domain, an equation that couples
    more than two members, and families whose members cannot be set one by one (the weights, which sum to one).
    """
    check_settable(model, family)
    solved = _solve(model, family, [*map(_as_equation, family.bindings), equation])
    if not solved:
        raise ModelError(f"{model.name}: this constraint on {family.name} always holds: it changes nothing")
    changed = replace(family, bindings=_bindings(model, family, solved))
    words = ", ".join(_words(family, binding) for binding in changed.bindings if binding.lead != binding.number)
    numbers = [binding.number for binding in changed.bindings if binding.lead != binding.number]
    value = changed.symbol
    return replaced(model, family, value, renamed(model, verb, family.name, *numbers), words)


def check_settable(model: Mixture, family: Family) -> None:
    """Refuse a family whose members cannot be set one by one.

    Each member may enter the density of its own component only: then the updates of the others stay as they are.
    """
    if model.component not in family.indices:
        raise ModelError(f"{model.name}: {family} is shared by all components: it has no members to set")
    if family.domain.unit:
        raise ModelError(
            f"{model.name}: single members of {family} cannot be set, since they have length one; fix the whole of it"
        )
    if isinstance(family.domain, Simplex):
        raise ModelError(
            f"{model.name}: single members of {family} cannot be set, since they sum to one; fix the whole of it: "
            f"known, or equal"
        )
    if not _is_apart(model.log_density, family, model.component):
        raise ModelError(
            f"{model.name}: the density of a component depends on {family.name} of other components too, so that "
            "single members cannot be set apart from the others"
        )


def _is_apart(expr: Expr, family: Family, component: Index) -> bool:
    """Whether members of the family stand at the index of the component itself only, under no sum over components."""
    if isinstance(expr, Symbol) and expr.family == family:
        return component in expr.indices
    if any(index.size == component.size for index in expr.bound) and expr.contains(mentions(family)):
        return False
    return all(_is_apart(child, family, component) for child in expr.children)


def _as_equation(binding: Binding) -> Equation:
    """member - scale * lead - offset = 0."""
    lead = {} if not binding.lead else {binding.lead: -binding.scale}
    own = {binding.number: Fraction(1)}
    if binding.lead == binding.number:
        return Equation({}, mul(0, binding.offset))
    return Equation({**lead, **own}, mul(-1, binding.offset))


def _solve(model: Mixture, family: Family, equations: list[Equation]) -> Solved:
    """Gauss-Jordan elimination in exact numbers: each member that is set, in terms of free ones with lower numbers."""
    solved: Solved = {}
    for equation in equations:
        rest = equation
        for number, row in solved.items():
            rest = rest.plus(-rest.coefficients.get(number, Fraction(0)), row)
        if not rest.coefficients:
            if not _vanishes(rest.constant):
                raise ModelError(
                    f"{model.name}: the constraints on {family.name} contradict each other: they give "
                    f"{rest.constant} = 0"
                )
            continue
        pivot = max(rest.coefficients)
        rest = rest.times(1 / rest.coefficients[pivot])
        solved = {n: row.plus(-row.coefficients.get(pivot, Fraction(0)), rest) for n, row in solved.items()}
        solved[pivot] = rest
    return solved


def _vanishes(constant: Expr) -> bool:
    return isinstance(constant, Zero) or constant == Number(Fraction(0))


def _bindings(model: Mixture, family: Family, solved: Solved) -> tuple[Binding, ...]:
    found: dict[int, Binding] = {}
    for number, row in solved.items():
        others = {i: -value for i, value in row.coefficients.items() if i != number}
        if len(others) > 1:
            terms = " and ".join(f"{family.name}[{i}]" for i in sorted(others))
            raise ModelError(
                f"{model.name}: {family.name}[{number}] would depend on {terms}; a member can be set to a value or "
                "to a multiple of one other member. For more, write the parameter as a formula: "
                f"{family.name}[{model.component}] = ..."
            )
        offset = mul(-1, row.constant)
        lead, scale = next(iter(others.items()), (0, Fraction(1)))
        found[number] = Binding(number, lead, scale, offset)
        if lead:
            found[lead] = Binding(lead, lead, Fraction(1), zero(family))
        _check_domain(model, family, found[number])
    return tuple(found[number] for number in sorted(found))


def _check_domain(model: Mixture, family: Family, binding: Binding) -> None:
    if not binding.lead:
        if not in_domain(binding.offset, family.domain):
            raise ModelError(
                f"{model.name}: {_words(family, binding)} is not known to lie in the domain {family.domain.name}"
            )
        return
    if isinstance(family.domain, Real):
        return
    domain = family.domain
    conic = domain.nonnegative and not (domain.at_most_one or domain.integer or hasattr(domain, "bound"))
    scaled = binding.scale == 1 or (binding.scale > 0 and conic)
    if not (scaled and _vanishes(binding.offset)):
        stays = "a positive multiple of another member" if conic else "what equals another member"
        raise ModelError(
            f"{model.name}: {_words(family, binding)} may leave the domain {domain.name}: {stays} stays in it"
        )


def _words(family: Family, binding: Binding) -> str:
    from_zero = _vanishes(binding.offset)
    if not binding.lead:
        member, value = f"{family.name}_{binding.number}", "0" if from_zero else str(binding.offset)
        return f"{member} known" if value.startswith(member) else f"{member} = {value}"
    scale = {Fraction(1): "", Fraction(-1): "-"}.get(binding.scale, f"{binding.scale} ")
    linear = f"{scale}{family.name}_{binding.lead}"
    if not from_zero and linear.startswith("-"):  # 1 - x, never -x + 1
        linear = f"{binding.offset} - {linear.removeprefix('-')}"
    elif not from_zero:
        linear = f"{linear} + {binding.offset}"
    return f"{family.name}_{binding.number} = {linear}"
