"""A support that depends on the parameter: the maximum lies at its end, where no derivative vanishes.

Q is minus infinity where a sample that carries weight lies outside of the support. Where the rest of Q falls towards
it, or rises, its maximum is the end of the support that just holds all those samples.
"""

from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction

from derive.calculus.differential import rules_used
from derive.calculus.gradient import gradient
from derive.em.ledger import Ledger
from derive.em.maximum import show_domain
from derive.em.notation import Notation
from derive.errors import NoClosedFormError
from derive.language.calculus_nodes import At, Derivative, Named
from derive.language.expr import Expr, Number, add, mul
from derive.language.family import Family, Symbol
from derive.language.functions import Sum, sum_over
from derive.language.index import Index
from derive.language.indicator import Support
from derive.language.reductions import Extreme
from derive.language.rewrite import (
    collect,
    distribute,
    drop_independent,
    factors,
    mentions,
    out_of_sums,
    pull_out,
    rename,
    substitute,
)
from derive.proof.derivation import UpdateEquation
from derive.proof.edge import barrier
from derive.proof.sign import Signed, positive, sign
from derive.proof.step import Ended, Relation
from derive.solve.bounding import bounding_prior
from derive.solve.counting import count_responsibilities

ZERO = Number(Fraction(0))


def ends_support(family: Family) -> object:
    """Return a test whether a node is a support that the family's members end."""
    return lambda node: isinstance(node, Support) and node.contains(mentions(family))


def has_edge(body: Expr, family: Family) -> bool:
    """Whether the support of the density depends on the family."""
    return body.contains(ends_support(family))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Edge:
    """The objective apart: its finite part, the slope of that with its sign, and the end of the support."""

    finite: Expr
    slope: Expr
    proved: Signed
    extreme: Extreme


def find_edge(symbol: Symbol, body: Expr) -> Edge:
    """Return where the maximum over a member lies; raises NoClosedFormError with the reason where that is not shown."""
    family, name = symbol.family, symbol.key
    tests = ends_support(family)
    parts = distribute(body, tests)  # type: ignore[arg-type]
    barred = [part for part in parts if has_edge(part, family)]
    finite = add(*(part for part in parts if part not in barred))
    if len(barred) != 1:
        raise NoClosedFormError(f"{symbol} ends {len(barred)} supports: its update is sought for one")
    extreme = _extreme(symbol, barred[0])
    if not finite.contains(mentions(family)):
        raise NoClosedFormError(
            f"{symbol} stands in the support only: any value beyond the data is a maximum; the density may lack a "
            "normalising constant"
        )
    slope, proved = _slope(symbol, finite)
    if proved.sign > 0 and extreme.largest:
        raise NoClosedFormError(f"Q rises with {name} for ever: it has no maximum; check the signs in the density")
    if proved.sign < 0 and not extreme.largest:
        raise NoClosedFormError(f"Q rises as {name} falls, for ever: no maximum; check the signs in the density")
    return Edge(finite, slope, proved, extreme)


def _slope(symbol: Symbol, finite: Expr) -> tuple[Expr, Signed]:
    slope = pull_out(gradient(finite, symbol))
    apart = collect(add(*distribute(slope, mentions(symbol.family))))
    for form in (slope, apart, collect(count_responsibilities(out_of_sums(apart)))):
        proved = sign(form)
        if proved is not None:
            return form, proved
    raise NoClosedFormError(
        f"the support ends at {symbol}, and Q is not shown to rise or fall up to there: its slope {slope} has no sign "
        "that is proved, so the maximum may lie at the end or inside"
    )


def _extreme(symbol: Symbol, part: Expr) -> Extreme:
    """Read the end of the support off sum_n sum_k w_nk log 1[v_n <= theta_k]."""
    bound: list[Index] = []
    tests = ends_support(symbol.family)
    weight: Expr = Number(Fraction(1))
    edge = part
    while not isinstance(edge, Support):
        held = [factor for factor in factors(edge) if factor.contains(tests)]  # type: ignore[arg-type]
        if isinstance(edge, Sum):
            bound.append(edge.index)
            edge = edge.body
        elif len(held) == 1 and held[0] != edge:
            weight = mul(weight, *(factor for factor in factors(edge) if factor not in held))
            edge = held[0]
        else:
            raise NoClosedFormError(f"the support that {symbol} ends stands inside of another function: {part}")
    member = next((side for side in edge.children if isinstance(side, Symbol) and side.family == symbol.family), None)
    other = edge.smaller if edge.larger == member else edge.larger
    if member is None or other.contains(mentions(symbol.family)):
        raise NoClosedFormError(
            f"{edge}: the end of the support must be {symbol} itself, for its update; other formulas in it are not "
            "solved for: declare the end as the parameter"
        )
    names = dict(zip(member.indices, symbol.indices, strict=True))
    weight, other = rename(weight, names), rename(other, names)
    free = [index for index in bound if index not in member.indices]
    for index in [index for index in free if index not in other.free]:
        weight = sum_over(index, weight)
        free.remove(index)
    if len(free) != 1:
        raise NoClosedFormError(f"{edge}: the values beside {symbol} run over {len(free)} plates, not over one")
    return Extreme(free[0], other, count_responsibilities(weight), largest=edge.larger == member)


def write_edge(ledger: Ledger, notation: Notation, symbol: Symbol, body: Expr) -> UpdateEquation:
    """Write down the M-step of a parameter that ends the support of the density."""
    edge = find_edge(symbol, body)
    name, extreme = symbol.key, edge.extreme
    barred = barrier(extreme, symbol)
    for index in reversed(symbol.indices):
        barred = sum_over(index, barred)
    words = "a part that is finite, and one that is minus infinity where a sample that counts lies outside"
    apart = ledger.add(body, add(edge.finite, barred), "take-apart", words)
    finite = Named("R", "R", edge.finite)
    ledger.add(finite, edge.finite, "finite-part", "the part that is finite, by itself")
    slope = Derivative(finite, symbol)
    rules = "; ".join(rule.formula for rule in rules_used(edge.finite, symbol.family)) or "linear"
    start = ledger.add(slope, edge.slope, "differentiate", rules)
    if edge.proved.manifest != edge.slope:
        ledger.add(edge.slope, edge.proved.manifest, "manifest-sign", "its sign can be read off")
    falls = extreme.largest
    relation = Relation.AT_MOST if falls else Relation.AT_LEAST
    way = "falls" if falls else "rises"
    words = f"{way} all over the domain of {name}: nowhere does setting this to zero give a maximum"
    monotone = ledger.add(edge.proved.manifest, ZERO, way, words, relation=relation)
    side, end = ("below", "smallest") if falls else ("above", "largest")
    counts = f"{extreme.value} with {extreme.weight} > 0"
    words = f"Q is minus infinity {side} any {counts}, and {way} elsewhere: the {end} {name} that leaves none outside"
    last = ledger.add(
        symbol,
        extreme,
        "end-of-support",
        words,
        relation=Relation.IMPLIES,
        premise=start.number,
        move=Ended(monotone.number, apart.number),
    )
    ledger.add(At(barred, symbol, extreme), ZERO, "solution", "put back: no sample that counts lies outside")
    show_domain(ledger, notation, symbol, extreme)
    return UpdateEquation(symbol, extreme, last.number, (), (), "boundary", f"Q {way} up to the end of the support")


def without_end(notation: Notation, family: Family, reason: NoClosedFormError) -> NoClosedFormError:
    """Return a better reason where Q rises for ever with a parameter, or as it falls; else the one given."""
    return _endless(notation, family) or reason


def require_turning(notation: Notation, family: Family) -> None:
    """Refuse a slope with one strict sign: a root that is sought for in it is not there."""
    error = _endless(notation, family)
    if error is not None:
        raise error


def turns(notation: Notation, family: Family) -> bool:
    """Whether nothing shows that Q rises for ever with a parameter, or as it falls."""
    return not family.domain.integer and _endless(notation, family) is None


def _endless(notation: Notation, family: Family) -> NoClosedFormError | None:
    symbol = notation.symbol(family)
    body = drop_independent(notation.objective.definition, family)
    if not symbol.shape.is_scalar or has_edge(body, family):
        return None
    with suppress(NoClosedFormError):
        slope, proved = _slope(symbol, body)
        if positive(mul(proved.sign, slope)):
            way = "" if proved.sign > 0 else "falling "
            return NoClosedFormError(
                f"no stationary point: Q rises for ever with {way}{symbol}, so it has no maximum; if the support of "
                f"the density ends at {symbol}, say so in it, as in support(x[n] <= theta[k]); else a term may be "
                f"missing, such as a normalising constant; a prior would bound it: {bounding_prior(symbol)}"
            )
    return None


def spoken(notation: Notation, family: Family) -> str:
    """Return what to know of EM where a support ends at a parameter; nothing for other parameters."""
    symbol = notation.symbol(family)
    body = drop_independent(notation.objective.definition, family)
    if not has_edge(body, family):
        return ""
    extreme, gamma = find_edge(symbol, body).extreme, notation.spoken(notation.gamma)
    side = "<=" if extreme.largest else ">="
    return (
        f"After an E-step {gamma} > 0 wherever {extreme.value} {side} {symbol}, however small it is: so {symbol} moves "
        "to the nearest sample inside and then stays. EM never lowers the objective, and hardly climbs it: try many "
        "starts, or hard EM, and keep the best."
    )


def at_edges(notation: Notation, value: Expr) -> tuple[Expr, list[tuple[Symbol, Expr]]]:
    """Return an update with the parameters that end a support at their own updates, and those updates."""
    found: list[tuple[Symbol, Expr]] = []
    for family in notation.model.parameters:
        body = drop_independent(notation.objective.definition, family)
        if value.contains(mentions(family)) and has_edge(body, family):
            symbol = notation.symbol(family)
            found.append((symbol, find_edge(symbol, body).extreme))
    for symbol, extreme in found:
        value = substitute(value, symbol, extreme)
    return value, found
