"""The M-step for a parameter some of whose members are fixed or tied: group by group, then the members that are free.

Q is a sum over the components, and each member enters the terms of its own component only. So the members that are
free have the update that they always have, and members that follow one number c have the c that maximises their terms.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

from derive.em import m_step
from derive.em.ledger import Ledger
from derive.em.notation import Notation
from derive.language.calculus_nodes import At, Named
from derive.language.expr import Expr, Number, add, mul
from derive.language.family import Binding, Family, Symbol
from derive.language.functions import Sum, sum_over
from derive.language.index import Extent
from derive.language.numbered import Cases, cases
from derive.language.rewrite import drop_independent, mentions, substitute
from derive.models.mixture import Mixture
from derive.proof.derivation import UpdateEquation
from derive.proof.step import Relation

ONE, ZERO = Number(Fraction(1)), Number(Fraction(0))


@dataclass(frozen=True)
class Restricted(Notation):
    """The notation of the M-step for one number that several members follow; ``function`` is Q as a function of it."""

    function: Named

    @property
    def objective(self) -> Named:
        """What is maximised over the number."""
        return self.function


def beyond(model: Mixture) -> tuple[tuple[Extent, int], ...]:
    """Return by how much more components a certificate needs, so that all that are named and free ones are there."""
    highest = max((binding.number for family in model.parameters for binding in family.bindings), default=0)
    return ((model.component.size, highest),) if highest else ()


def update_value(notation: Notation, family: Family) -> Expr:
    """Return the update of a parameter without writing down its derivation, to see what it depends on."""
    free = m_step.update_value(notation, family)
    if not family.bindings:
        return free
    leads: dict[int, Expr] = {
        lead: m_step.update_value(_restricted(notation, family, lead), _common(notation, family, lead))
        for lead in _leads(family)
    }
    return _assembled(notation, family, leads, free)


def maximisation_step(
    ledger: Ledger, notation: Notation, family: Family, eliminated: UpdateEquation | None = None
) -> UpdateEquation:
    """Write down the M-step for one parameter; return its update. eliminated: as in ``m_step``."""
    if not family.bindings:
        return m_step.maximisation_step(ledger, notation, family, eliminated)
    symbol = notation.symbol(family)
    groups = {lead: _group_step(ledger, notation, family, lead) for lead in _leads(family)}
    free = m_step.maximisation_step(ledger, notation, family)
    words = (
        f"{_given(family)} {'is' if len(family.bindings) == 1 else 'are'} given. {notation.objective.name} is a sum "
        f"over {notation.k} in which each {symbol.key} stands in one term: what follows is the update of the others."
    )
    ledger.sections[-1] = replace(ledger.sections[-1], words=words)
    named = {lead: _solution(update) for lead, update in groups.items()}
    left = At(_assembled(notation, family, named, symbol), symbol, free.value)
    value = _assembled(notation, family, named, free.value)
    found = ", ".join(f"{update.target.key} from ({update.number})" for update in groups.values())
    step = ledger.add(
        left, value, "members", f"all members of {family.name} together" + (f"; {found}" if found else "")
    )
    ledger.close(f"All members of {family.name}")
    assumed = (a for update in (free, *groups.values()) for a in update.assumptions)
    return UpdateEquation(symbol, value, step.number, assumptions=tuple(dict.fromkeys(assumed)))


def _group_step(ledger: Ledger, notation: Notation, family: Family, lead: int) -> UpdateEquation:
    """State the objective as a function of the number that some members follow, and maximise it."""
    restricted, common = _restricted(notation, family, lead), _common(notation, family, lead)
    symbol, c = notation.symbol(family), notation.symbol(common)
    bindings = _group(family, lead)
    values = tuple(_follows(binding, c) for binding in bindings)
    point = cases(notation.k, tuple(binding.number for binding in bindings), values, symbol)
    ledger.add(
        At(notation.objective, symbol, point),
        restricted.function.definition,
        "restrict",
        f"as a function of {common.name} alone: {_given(family, lead)}; {_where(notation, family, lead)}",
        relation=Relation.EQUAL_UP_TO_CONSTANT,
        variable=common,
    )
    return m_step.maximisation_step(ledger, restricted, common)


def _solution(update: UpdateEquation) -> Expr:
    """The number that a group follows, by its name; it stands for what was found."""
    family = update.target.family
    return Named(family.name, family.latex, update.value)


def _leads(family: Family) -> list[int]:
    return [binding.number for binding in family.bindings if binding.lead == binding.number]


def _group(family: Family, lead: int) -> list[Binding]:
    return [binding for binding in family.bindings if binding.lead == lead]


def _follows(binding: Binding, c: Expr) -> Expr:
    return add(mul(binding.scale, c), binding.offset)


def _common(notation: Notation, family: Family, lead: int) -> Family:
    """The number that the members of a group follow, called after the first of them: mu_1."""
    taken = {other.name for other in notation.model.families}
    name = f"{family.name}_{lead}"
    while name in taken:
        name += "_"
    rest = tuple(index for index in family.indices if index != notation.k)
    latex = f"{family.latex}_{{{lead}}}" if family.latex else ""
    return replace(family, name=name, indices=rest, bindings=(), code=name, latex=latex)


@dataclass(frozen=True)
class _Factors:
    """What depends on the component in the objective of a group: membership, scale and offset."""

    inside: Named
    scale: Expr
    offset: Expr


def _factors(notation: Notation, family: Family, lead: int) -> _Factors:
    k, group = notation.k, _group(family, lead)
    numbers = tuple(binding.number for binding in group)
    taken = {other.name for other in notation.model.families} | {notation.gamma.name, notation.n.name, k.name}

    def named(letters: str, values: tuple[Expr, ...], otherwise: Expr) -> Expr:
        """A name for what differs between the components; what does not needs none."""
        value = cases(k, numbers, values, otherwise)
        letter = next((letter for letter in letters if letter not in taken), letters[0])
        return Named(f"{letter}_{k}", f"{letter}_{{{k}}}", value) if isinstance(value, Cases) else value

    inside = named("ewh", tuple(ONE for _ in group), ZERO)
    scale = named("scv", tuple(Number(binding.scale) for binding in group), ONE)
    none = mul(0, group[0].offset)
    offset = named("bou", tuple(binding.offset for binding in group), none)
    assert isinstance(inside, Named)  # noqa: S101 - for the type checker
    return _Factors(inside, scale, offset)


def _where(notation: Notation, family: Family, lead: int) -> str:
    """Say what the letters in the objective of a group stand for."""
    factors, group = _factors(notation, family, lead), _group(family, lead)
    numbers = ", ".join(str(binding.number) for binding in group)
    said = [f"{factors.inside.name} is 1 for {notation.k} = {numbers}, else 0"]
    for part, values in ((factors.scale, [b.scale for b in group]), (factors.offset, [b.offset for b in group])):
        if isinstance(part, Named):
            listed = ", ".join(str(value) for value in values)
            said.append(f"{part.name} is {listed} for {notation.k} = {numbers}")
    return "; ".join(said)


def _restricted(notation: Notation, family: Family, lead: int) -> Restricted:
    """The terms of the objective in which the members of a group stand, written in their common number."""
    factors, c = _factors(notation, family, lead), notation.symbol(_common(notation, family, lead))
    value = add(mul(factors.scale, c), factors.offset)
    symbol = notation.symbol(family)

    def written(expr: Expr) -> Expr:
        if not expr.contains(mentions(family)):
            return expr
        if isinstance(expr, Sum) and expr.index == notation.k:
            return sum_over(expr.index, mul(factors.inside, substitute(expr.body, symbol, value)))
        return expr.map(written)

    body = written(drop_independent(notation.objective.definition, family))
    name = f"{notation.objective.name}_{lead}"
    return Restricted(notation.model, Named(name, f"{notation.objective.latex}^{{({lead})}}", body))


def _assembled(notation: Notation, family: Family, leads: dict[int, Expr], free: Expr) -> Expr:
    """All members by cases: a value, what follows a common number, and the others."""
    values = tuple(_follows(b, leads[b.lead]) if b.lead else b.offset for b in family.bindings)
    return cases(notation.k, tuple(binding.number for binding in family.bindings), values, free)


def _given(family: Family, lead: int | None = None) -> str:
    """Say what holds for the members that are not free, or for those of one group."""
    said = []
    for binding in family.bindings if lead is None else _group(family, lead):
        if binding.lead == binding.number or str(binding.offset).startswith(f"{family.name}_{binding.number}"):
            said.append(f"{family.name}_{binding.number}")
            continue
        c = Symbol(replace(family, name=f"{family.name}_{binding.lead}", indices=(), bindings=()), ())
        said.append(f"{family.name}_{binding.number} = {_follows(binding, c) if binding.lead else binding.offset}")
    return ", ".join(said)
