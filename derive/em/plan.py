"""The plan of an M-step: how each parameter is solved for, which is put into the equation of which, and the order.

Two scalar parameters that need each other are solved jointly where one can be eliminated: its maximiser, which is known
for any value of the other, is put into the other's equation. Otherwise each is maximised given the newest values of the
others (ECM, Meng and Rubin 1993).
"""

from dataclasses import dataclass, field
from itertools import combinations

from derive.em.edge import at_edges, turns, without_end
from derive.em.kkt import is_clipped, may_leave, require_interior
from derive.em.m_step import profile_value
from derive.em.maximum import require_domain
from derive.em.members import update_value
from derive.em.newton import joint_value
from derive.em.notation import Notation
from derive.errors import NoClosedFormError
from derive.language.domain import Simplex
from derive.language.expr import Expr
from derive.language.family import Family
from derive.language.numbered import Cases
from derive.language.reductions import Reduction
from derive.language.rewrite import factors, mentions
from derive.language.root_of import RootOf
from derive.proof.bounds import ends
from derive.proof.sign import sign


@dataclass
class Plan:
    """What is known of the updates before any of them is written down.

    groups: families that are solved for together, by each of them.
    values: each update in terms of the others. eliminated: for a parameter, the one whose maximiser is put into its
    equation. order: of the updates; previous: those whose previous values an update needs.
    """

    groups: dict[Family, tuple[Family, ...]] = field(default_factory=dict)
    values: dict[Family, Expr] = field(default_factory=dict)
    eliminated: dict[Family, Family] = field(default_factory=dict)
    order: list[Family] = field(default_factory=list)
    previous: dict[Family, list[Family]] = field(default_factory=dict)

    @property
    def written(self) -> list[Family]:
        """The order in which they are derived: what is eliminated comes before what it is put into."""
        found: list[Family] = []
        for family in self.order:
            found += [other for other in (self.eliminated.get(family), family) if other is not None]
        return list(dict.fromkeys(found))


def plan(notation: Notation) -> Plan:
    """Return the plan; raises NoClosedFormError with the reason where an update cannot be found."""
    weights = notation.model.weights
    parameters = sorted(notation.model.parameters, key=lambda family: (family == weights, family.domain.positive))
    made, reasons = Plan(), dict[Family, NoClosedFormError]()
    for family in parameters:
        try:
            made.values[family] = update_value(notation, family)
        except NoClosedFormError as error:
            reasons[family] = error
    for family in parameters:
        _eliminate(notation, made, family, parameters)
    _group(notation, made, parameters)
    for family, reason in reasons.items():
        if family not in made.values:
            raise without_end(notation, family, reason)
    for family, cases in made.values.items():
        value = (
            cases.otherwise if isinstance(cases, Cases) else cases
        )  # what a model fixes was checked when it was made
        proved = [sign(scalar) for scalar in ((value,) if value.shape.is_scalar else factors(value)[:-1])]
        bounded = value.shape.is_scalar and family.domain.at_most_one
        if None in proved or (bounded and all(found is not None and found.sign > 0 for found in proved)):
            # with a wrong sign, the second differential gives the better reason
            require_domain(notation.symbol(family), at_edges(notation, value)[0])
    _order(made, parameters, weights)
    return made


def _eliminate(notation: Notation, made: Plan, family: Family, parameters: list[Family]) -> None:
    """Put the maximiser of another parameter into this one's equation, where each needs the other or none is found."""
    if family in made.eliminated.values() or isinstance(family.domain, Simplex) or not family.shape.is_scalar:
        return
    if family in made.values and is_clipped(made.values[family]):
        return
    for other in parameters:
        value = made.values.get(other)
        if family.bindings or other.bindings:  # their members have updates of several kinds
            continue
        if value is None or other == family or other.indices != family.indices or isinstance(other.domain, Simplex):
            continue
        if (
            not value.shape.is_scalar
            or isinstance(value, RootOf | Reduction)
            or other in made.eliminated
            or is_clipped(value)
        ):
            continue
        mutual = family in made.values and made.values[family].contains(mentions(other))
        if family in made.values and not (mutual and value.contains(mentions(family))):
            continue
        try:
            found = profile_value(notation, family, other, value)
            require_interior(notation.symbol(family), found)
        except NoClosedFormError:
            continue
        if may_leave(notation.symbol(family), found):
            continue
        made.values[family] = found
        made.eliminated[family] = other
        return


def _group(notation: Notation, made: Plan, parameters: list[Family]) -> None:
    """Solve for several scalars together, where no equation alone or each only by a root has given their values."""
    open_ = [
        family
        for family in parameters
        if not isinstance(family.domain, Simplex) and family.shape.is_scalar and family not in made.eliminated
        if family not in made.eliminated.values() and isinstance(made.values.get(family), RootOf | None)
        if not ends(notation.symbol(family)) and turns(notation, family)
    ]
    for size in range(1, len(open_) + 1):
        for families in combinations(open_, size):
            if any(family in made.groups for family in families) or not _coupled(made, families):
                continue
            try:
                found = {family: joint_value(notation, families, family) for family in families}
            except NoClosedFormError:
                continue
            made.values.update(found)
            made.groups.update(dict.fromkeys(families, families))


def _coupled(made: Plan, families: tuple[Family, ...]) -> bool:
    """Whether families have no values of their own, or their values need each other's."""
    if len(families) == 1:
        return families[0] not in made.values
    values = [made.values.get(family) for family in families]
    return all(
        value is None or any(value.contains(mentions(other)) for other in families if other != family)
        for family, value in zip(families, values, strict=True)
    )


def _order(made: Plan, parameters: list[Family], weights: Family) -> None:
    """Order the updates so that each uses parameters already updated; name those it needs the previous values of.

    Where updates depend on each other in a circle, one without a sign constraint (a location) goes first. The weights
    come last where they can, as in the textbooks.
    """
    needs = {
        f: [g for g in parameters if g not in made.groups.get(f, (f,)) and made.values[f].contains(mentions(g))]
        for f in parameters
    }
    awaited = any(weights in needed for needed in needs.values())
    while len(made.order) < len(parameters):
        left = [family for family in parameters if family not in made.order]
        others = [family for family in left if family != weights or awaited] or left
        ready = [family for family in others if set(needs[family]) <= set(made.order)]
        chosen = (ready or others)[0]
        made.previous[chosen] = [family for family in needs[chosen] if family not in made.order]
        made.order.append(chosen)
