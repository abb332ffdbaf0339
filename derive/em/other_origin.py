"""Statistics about another origin: what two blocks of data need before their sums add up."""

from dataclasses import dataclass, field, replace

from derive.em.functional import is_parameter
from derive.em.location import Location, put
from derive.em.names import Names
from derive.em.separation import NotSeparableError
from derive.em.sums import Sums, core_of, statistics_in
from derive.language.expr import Expr, add, mul
from derive.language.family import Family, Role, Symbol
from derive.language.functions import sum_over
from derive.language.rewrite import substitute, terms
from derive.proof.derivation import Origin


@dataclass(frozen=True)
class Moves:
    """The statistics about another origin: what they are there, and in terms of those about the first.

    origins: what is known, its symbol, and that of the other value. steps: differences of the two.
    """

    origins: tuple[Origin, ...] = ()
    steps: tuple[Family, ...] = ()
    values: dict[Family, tuple[Expr, Expr]] = field(default_factory=dict)


def moves_of(location: Location, sums: Sums, used: set[Family], names: Names) -> Moves:
    """Find each statistic about another origin in terms of those about the first; may find that more are needed."""
    origins = tuple(Origin(m.value, m.origin, _other(m.origin, names)) for m in location.moved)
    steps = tuple(_step(origin, names) for origin in origins)
    first = [Symbol(origin.origin, origin.origin.indices) for origin in origins]
    change = put(location.at_origin, [(at, Symbol(step, at.indices)) for at, step in zip(first, steps, strict=True)])
    change = add(mul(0, change), *(term for term in terms(change) if term.contains(is_parameter)))
    at_other = put(
        location.at_origin, [(at, Symbol(o.other, at.indices)) for at, o in zip(first, origins, strict=True)]
    )
    residual, symbol = location.residual, Symbol(location.residual, location.residual.indices)
    there = replace(
        residual,
        name=names.fresh(f"{residual.name}1", f"{residual.name}_other"),
        latex=f"{residual.name}^{{1}}",
        definition=add(location.data, mul(-1, at_other)),
    )
    moved: dict[Family, tuple[Expr, Expr]] = {}
    counts = next(iter(sums.found.values()))
    missing = {counts, *used}
    while missing:
        for family in sorted(missing, key=lambda family: family.name):
            core = core_of(family)
            left = sum_over(sums.sample, substitute(core, symbol, Symbol(there, there.indices)))
            right = sums.separated(substitute(core, symbol, add(symbol, change)))
            if right.contains(lambda part: isinstance(part, Symbol) and part.family.role is Role.KNOWN):
                raise NotSeparableError(f"to move {family.name} to another origin takes more than the statistics")
            moved[family] = left, right
        missing = statistics_in(right for _, right in moved.values()) - moved.keys()
    return Moves(origins, steps, moved)


def _other(origin: Family, names: Names) -> Family:
    stem = origin.name.removesuffix("_origin").rstrip("0_")
    name = names.fresh(f"{stem}1", f"{stem}_1", f"{stem}_other")
    return replace(origin, name=name, latex=origin.latex.replace("^{0}", "^{1}"), code=f"other_{origin.code}")


def _step(origin: Origin, names: Names) -> Family:
    """Return the family of origin - other."""
    at = origin.origin.indices
    value = add(Symbol(origin.origin, at), mul(-1, Symbol(origin.other, at)))
    name = names.fresh("epsilon", "d", f"epsilon_{origin.origin.name}")
    return Family(name, Role.PARAMETER, at, origin.origin.shape, code="step", definition=value)
