"""Sums over the samples in an update become statistics: each sum of what depends on the samples gets a symbol."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from derive.em.location import Location
from derive.em.names import Names
from derive.em.notation import Notation
from derive.em.separation import NotSeparableError, Term, separate
from derive.em.statistic_names import code_of
from derive.language.domain import DiagonalTangent, Domain, NonNegative, Positive, Real, SymmetricTangent
from derive.language.expr import Expr, Identity, Word, add, mul
from derive.language.family import Family, Role, Symbol
from derive.language.functions import DiagonalPart, Inverse, Size, Sum, sum_over
from derive.language.index import Index
from derive.language.numbered import Cases
from derive.language.rewrite import canonical, collect, factors, letters, out_of_sums, rename, terms
from derive.proof.sign import positive, sign


@dataclass
class Sums:
    """The statistics found so far; ``found``: what is summed, in its canonical form -> the statistic."""

    notation: Notation
    names: Names
    location: Location | None
    letter: str
    found: dict[Expr, Family] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Every mixture has the counts N_k."""
        self.statistic(self._weight)

    @property
    def sample(self) -> Index:
        """The plate of the samples."""
        return self.notation.n

    @property
    def _component(self) -> Index:
        return self.notation.k

    @property
    def _weight(self) -> Expr:
        return self.notation.symbol(self.notation.gamma)

    def rewritten(self, expr: Expr) -> Expr:
        """Return an expression with a statistic in the place of every sum over the samples.

        Raises NotSeparableError where a sum holds data and parameters that cannot be taken apart.
        """
        return self._tidied(self._rewritten(expr))

    def _tidied(self, value: Expr) -> Expr:
        """Take the origin out of a value where it stands by itself then, and write it first."""
        if self.location is None:
            return value
        if isinstance(value, Cases):
            return value.map(self._tidied)
        gathered = collect(_cancelled(out_of_sums(self.location.gathered(out_of_sums(value)))))
        alone = any(self.location_only(term) for term in terms(gathered))
        value = gathered if alone or len(gathered.key) < len(value.key) else value
        ordered = sorted(terms(value), key=lambda term: not self.location_only(term))
        return add(mul(0, value), *ordered)

    def location_only(self, term: Expr) -> bool:
        """Whether a term is an origin by itself: it is written first."""
        return self.location is not None and self.location.mentions_origin(term)

    def _rewritten(self, expr: Expr) -> Expr:
        if isinstance(expr, Size) and expr.extent == self.sample.size:
            return self._over(self._component, self._weight)
        if isinstance(expr, Sum) and isinstance(expr.body, Sum) and expr.body.index.size == self.sample.size:
            expr = sum_over(expr.body.index, sum_over(expr.index, expr.body.body))
        if isinstance(expr, Sum) and expr.index.size == self.sample.size:
            return self.of_samples(rename(expr.body, {expr.index: self.sample}))
        return expr.map(self._rewritten)

    def of_samples(self, body: Expr) -> Expr:
        """Return the sum over the samples of a body, in terms of statistics."""
        if self.location is not None:
            if not body.contains(self._is_weight) and self._component in self.location.residual.indices:
                other = self._component.renamed(body.free | {self._component})  # responsibilities sum to one
                body = sum_over(other, mul(rename(self._weight, {self._component: other}), body))
            body = self.location.shifted(body, None)
            data = self.notation.model.data
            if self.location.everywhere and body.contains(lambda e: isinstance(e, Symbol) and e.family == data):
                raise NotSeparableError(f"{data.name} stands by itself in {body}")
        return self.separated(body)

    def separated(self, body: Expr) -> Expr:
        """Return the sum over the samples of a body that is about the origin already."""
        found = separate(body, self.sample)
        return collect(sum((self._summed(term) for term in found[1:]), self._summed(found[0])))

    def _is_weight(self, expr: Expr) -> bool:
        return isinstance(expr, Symbol) and expr.family == self.notation.gamma

    def _summed(self, term: Term) -> Expr:
        core = self._usual(term.core)
        if not core.contains(self._is_weight):
            weighted = mul(self._weight, core)
            if self._component not in core.free and canonical(weighted) in self.found:
                return term.rebuilt(self._over(self._component, weighted))
        parts = self._in_parts(core)
        if parts is not None:
            return term.rebuilt(self._over(parts.index, parts.body))
        return term.rebuilt(self.statistic(core))

    def _in_parts(self, core: Expr) -> Sum | None:
        """Return a core as a sum over a plate whose terms are statistics of their own; None where it is none."""
        sums = [part for part in factors(core) if isinstance(part, Sum)]
        if len(sums) != 1:
            return None
        index, others = sums[0].index, [part for part in factors(core) if part is not sums[0]]
        for other in sorted({i for family in self.found.values() for i in family.indices if i.size == index.size}):
            if all(other not in part.free for part in others):
                whole = Sum(other, mul(*others, rename(sums[0].body, {index: other})))
                if canonical(whole.body) in self.found:
                    return whole
        return None

    def needed(self, values: Iterable[Expr]) -> list[Expr]:
        """What the statistics in these values sum, without those that are sums of others."""
        used = statistics_in(values)
        cores = [core_of(family) for family in self.found.values() if family in used]
        return [core for core in cores if self._in_parts(core) is None]

    def keep(self, families: Collection[Family]) -> None:
        """Forget all statistics but these and the counts."""
        first, *_ = self.found
        self.found = {core: family for core, family in self.found.items() if core == first or family in families}

    def _over(self, plate: Index, core: Expr) -> Expr:
        """The sum of a statistic over a plate."""
        other = plate.renamed(frozenset((self.sample, self._component)) | core.free)
        return sum_over(other, rename(self.statistic(core), {plate: other}))

    def _usual(self, core: Expr) -> Expr:
        """Sum over the components by their usual index."""
        if isinstance(core, Sum) and core.index.size == self._component.size and self._component not in core.free:
            return sum_over(self._component, rename(core.body, {core.index: self._component}))
        return core

    def statistic(self, core: Expr) -> Expr:
        """Return the statistic that sums a core over the samples; a new one where there is none yet."""
        at = self._stored(core)
        written = rename(core, at)
        if written.shape.rows.name == "1" != written.shape.cols.name:
            return self.statistic(core.transposed()).transposed()
        for known, turned in ((canonical(written), False), (canonical(written.transposed()), True)):
            if known in self.found:
                family = self.found[known]
                symbol = Symbol(family, tuple(_named(index, at) for index in family.indices))
                return symbol.transposed() if turned else symbol
        self.found[canonical(written)] = self._new(written)
        return self.statistic(core)

    def _stored(self, core: Expr) -> dict[Index, Index]:
        """Return the index by which each plate of a core is stored: that of the first statistic that has the plate."""
        usual = [self._component, *(index for family in self.found.values() for index in family.indices)]
        at: dict[Index, Index] = {}
        for index in core.ordered_free:
            if index != self.sample:
                same = (other for other in dict.fromkeys(usual) if other.size == index.size)
                at[index] = next((other for other in same if other not in at.values()), index)
        return at

    def _new(self, core: Expr) -> Family:
        free = core.free - {self.sample}
        first = [self._component] if self._component in free else []
        indices = (*first, *sorted(free - set(first)))
        count = len(self.found)
        name = self.names.fresh("N", "C") if core == self._weight else self.names.fresh(f"{self.letter}{count}")
        latex = "" if core == self._weight else f"{self.letter}^{{{count}}}"
        taken = {family.code for family in (*self.found.values(), *self.notation.model.families)}
        return Family(
            name,
            Role.STATISTIC,
            indices,
            core.shape,
            _domain(core),
            latex,
            code_of(core, taken),
            definition=sum_over(self.sample, core),
        )


def _cancelled(expr: Expr) -> Expr:
    """Cancel (A B)^-1 beside A B, where the product stands letter by letter."""
    expr = expr.map(_cancelled)
    if not isinstance(expr, Word):
        return expr
    for at, letter in enumerate(expr.letters):
        inside = letters(letter.arg) if isinstance(letter, Inverse) else ()
        for start in (at + 1, at - len(inside)):
            if len(inside) > 1 and start >= 0 and expr.letters[start : start + len(inside)] == inside:
                first, last = min(at, start), max(at + 1, start + len(inside))
                return mul(*expr.letters[:first], Identity(letter.shape.rows), *expr.letters[last:])
    return expr


def core_of(family: Family) -> Expr:
    """Return what a statistic sums over the samples."""
    assert isinstance(family.definition, Sum)  # noqa: S101 - for the type checker
    return family.definition.body


def statistics_in(values: Iterable[Expr]) -> set[Family]:
    """Return the statistics that values mention."""
    found: set[Family] = set()
    for value in values:
        if isinstance(value, Symbol) and value.family.role is Role.STATISTIC:
            found.add(value.family)
        found |= statistics_in(value.children)
    return found


def _named(index: Index, at: dict[Index, Index]) -> Index:
    """Return the name under which the expression at hand has a stored index."""
    return next((own for own, stored in at.items() if stored == index), index)


def _domain(core: Expr) -> Domain:
    if core.shape.is_scalar:
        found = sign(core)
        return Positive() if positive(core) else NonNegative() if found is not None and found.sign > 0 else Real()
    if not core.shape.is_square or not core.symmetric:
        return Real()
    inner = core
    while isinstance(inner, Sum) or (inner.children and inner.shape == inner.children[-1].shape):
        if isinstance(inner, DiagonalPart):
            break
        inner = inner.children[-1]
    side = core.shape.rows
    return DiagonalTangent(side) if isinstance(inner, DiagonalPart) else SymmetricTangent(side)
