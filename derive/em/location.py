"""A location: data that enter a density as x_n - mu_k, or as any difference from what depends on parameters.

Sums of squares of such data lose digits where the data lie far from zero: (10000.1)^2 - (10000)^2. Taken about an
origin, y_nk = x_n - mu0_k with known mu0, they do not: x_n - mu_k is y_nk - delta_k with delta_k = mu_k - mu0_k. Where
the density has no origin left in it then, x_n is replaced everywhere, else only in such differences.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from derive.em.functional import is_parameter
from derive.em.names import Names
from derive.em.separation import NotSeparableError
from derive.language.calculus_nodes import FrobeniusNorm
from derive.language.domain import Real
from derive.language.expr import Add, Expr, Mul, Power, Transpose, Word, add, mul
from derive.language.family import Family, Role, Symbol
from derive.language.functions import Sum, sum_over
from derive.language.index import Index
from derive.language.rewrite import canonical, coefficient, collect, distribute, rename, substitute, terms
from derive.models.mixture import Mixture


@dataclass(frozen=True)
class Moved:
    """What is known at the origin (mu0 for mu, or for the whole centre), and its difference from what it is (delta)."""

    value: Expr
    origin: Family
    difference: Family

    @property
    def parameter(self) -> Family | None:
        """The parameter whose value is known, None where it is a formula."""
        return self.value.family if isinstance(self.value, Symbol) else None


@dataclass(frozen=True)
class Location:
    """data - centre is how the data enter; residual: y, which is data - centre at the origin.

    at_origin: the centre there. moved: the centre as a whole where it is the same for all samples, so that nothing else
    has to be known of it; else each parameter in it. everywhere: whether data and parameters are replaced outside of
    such differences too.
    """

    data: Expr
    centre: Expr
    at_origin: Expr
    residual: Family
    moved: tuple[Moved, ...]
    component: Index
    everywhere: bool = True

    @property
    def origins(self) -> tuple[Family, ...]:
        """The origins."""
        return tuple(m.origin for m in self.moved)

    @property
    def whole(self) -> Moved | None:
        """The centre as a whole, where that is what is known at the origin."""
        first = self.moved[0]
        return first if self.at_origin == Symbol(first.origin, first.origin.indices) else None

    def mentions_origin(self, expr: Expr) -> bool:
        """Whether a node is an origin's symbol."""
        return isinstance(expr, Symbol) and expr.family in self.origins

    def is_estimated(self, expr: Expr) -> bool:
        """Whether a node is the symbol of a parameter other than an origin."""
        return is_parameter(expr) and not self.mentions_origin(expr)

    def shifted(self, expr: Expr, component: Index | None) -> Expr:
        """Write an expression in y and delta; ``component``: of which component y is taken, if not of a weight's.

        Raises NotSeparableError where the data stand outside of any component.
        """
        if isinstance(expr, Mul):
            expr = _inside_components(expr)
        if isinstance(expr, Mul):
            weights = [f for f in expr.factors if isinstance(f, Symbol) and f.family.role is Role.RESPONSIBILITY]
            component = weights[0].indices[-1] if weights else component
        if not self.everywhere:
            return self._shifted_inside(expr, component)
        names = match(self.data, expr)
        if names is not None:
            return self._about_origin(expr, names, component)
        if self.whole is None:
            for moved in self.moved:
                if isinstance(expr, Symbol) and expr.family == moved.parameter:
                    return add(Symbol(moved.origin, expr.indices), Symbol(moved.difference, expr.indices))
        expr = expr.map(lambda part: self.shifted(part, component))
        return self._centred(self.gathered(expr)) if isinstance(expr, Add) else expr

    def _shifted_inside(self, expr: Expr, component: Index | None) -> Expr:
        """Shift the differences from the centre and nothing else."""
        if isinstance(expr, Add) and component is not None:
            shifted = replace(self, everywhere=True).shifted(expr, component)
            if not shifted.contains(self.mentions_origin):
                return shifted
        return expr.map(lambda part: self.shifted(part, component))

    def _about_origin(self, expr: Expr, names: dict[Index, Index], component: Index | None) -> Expr:
        if self.component in self.residual.indices:
            if component is None:
                raise NotSeparableError(f"{expr} stands in a sum that belongs to no component")
            names |= {self.component: component}
        residual = Symbol(self.residual, tuple(names.get(index, index) for index in self.residual.indices))
        return add(residual, rename(self.at_origin, names))

    def _centred(self, expr: Expr) -> Expr:
        """Write y + mu0 - mu as y - delta, where the centre is known as a whole."""
        moved = self.whole
        if moved is None:
            return expr
        for term in terms(expr):
            number, origin = coefficient(term)
            if isinstance(origin, Symbol) and origin.family == moved.origin:
                names = dict(zip(moved.origin.indices, origin.indices, strict=True))
                rest = collect(add(expr, mul(number, rename(moved.value, names)), mul(-number, origin)))
                if len(rest.key) < len(expr.key):
                    return add(rest, mul(-number, Symbol(moved.difference, origin.indices)))
        return expr

    def gathered(self, expr: Expr) -> Expr:
        """Multiply out what holds an origin and add up like terms: origins cancel in x_n - mu_k."""
        if not expr.contains(self.mentions_origin):
            return expr
        return collect(add(mul(0, expr), *distribute(expr, self.mentions_origin)))


def _inside_components(expr: Mul) -> Expr:
    """Write x_n times a sum over k of responsibilities as that sum of products with x_n."""
    for part in expr.factors:
        if isinstance(part, Sum) and part.body.contains(lambda e: _is_weight(e, part.index)):  # noqa: B023 - called here
            others = [factor for factor in expr.factors if factor is not part]
            if all(part.index not in factor.free for factor in others):
                return sum_over(part.index, mul(part.body, *others))
    return expr


def _is_weight(expr: Expr, index: Index) -> bool:
    return isinstance(expr, Symbol) and expr.family.role is Role.RESPONSIBILITY and index in expr.indices


def put(expr: Expr, values: list[tuple[Symbol, Expr]]) -> Expr:
    """Put values in the places of symbols."""
    for symbol, value in values:
        expr = substitute(expr, symbol, value)
    return expr


def find_location(model: Mixture, names: Names) -> Location | None:
    """Return the location of a density; None where it has none, or more than one."""
    found = {canonical(add(data, mul(-1, centre))): (data, centre) for data, centre in _differences(model.log_density)}
    if len(found) != 1:
        return None
    ((data, centre),) = found.values()
    if model.sample not in centre.free:
        values: list[Expr] = [centre]
    elif all(map(_is_affine, terms(centre))):
        families = dict.fromkeys(symbol.family for symbol in _symbols(centre) if is_parameter(symbol))
        values = [Symbol(family, family.indices) for family in families]
    else:
        return None
    moved = tuple(_moved(value, model.component, names, alone=len(values) == 1) for value in values)
    at_origin = centre
    for m in moved:
        origin = Symbol(m.origin, m.origin.indices)
        at_origin = origin if m.value == centre else put(at_origin, [(m.value, origin)])  # type: ignore[list-item]
    definition = add(data, mul(-1, at_origin))
    indices = (model.sample, *_ordered(definition.free - {model.sample}, model.component))
    name = names.fresh("y", "u", "e", "h")
    residual = Family(name, Role.DATA, indices, data.shape, code="centred", definition=definition)
    return Location(data, centre, at_origin, residual, moved, model.component)


def _ordered(indices: frozenset[Index], component: Index) -> tuple[Index, ...]:
    return tuple(sorted(indices, key=lambda index: (index != component, index)))


def _moved(value: Expr, component: Index, names: Names, *, alone: bool) -> Moved:
    """Return the origin of a parameter or centre, and its difference from it."""
    if isinstance(value, Symbol):
        family = value.family
        latex = family.latex or (f"\\{family.name}" if len(family.name) > 1 else family.name)
        name = names.fresh(f"{family.name}0", f"{family.name}_origin")
        origin = replace(family, name=name, latex=f"{latex}^{{0}}", code=f"origin_{family.code}", bindings=())
    else:
        name, indices = names.fresh("o", "c", "m0"), _ordered(value.free, component)
        origin = Family(name, Role.PARAMETER, indices, value.shape, Real(), f"{name}^{{0}}", "origin")
    start = Symbol(origin, origin.indices)
    name = names.fresh("delta", "epsilon", "d") if alone else names.fresh(f"delta_{origin.name}")
    code = "shift" if alone else f"shift_of_{origin.code.removeprefix('origin_')}"
    definition = add(value, mul(-1, start))
    return Moved(
        value, origin, Family(name, Role.PARAMETER, origin.indices, value.shape, code=code, definition=definition)
    )


def _differences(expr: Expr, *, squared: bool = False) -> Iterator[tuple[Expr, Expr]]:
    """Yield (data, centre) for each difference that is raised to a power or stands in a quadratic form."""
    squared |= isinstance(expr, Word | FrobeniusNorm) or (isinstance(expr, Power) and expr.exponent > 1)
    if isinstance(expr, Add) and squared:
        data = [term for term in expr.terms if term.contains(_is_data) and not term.contains(is_parameter)]
        rest = [term for term in expr.terms if term not in data]
        if data and any(term.contains(is_parameter) for term in rest) and not any(t.contains(_is_data) for t in rest):
            sign = -1 if coefficient(data[0])[0] < 0 else 1
            yield add(*(mul(sign, term) for term in data)), add(*(mul(-sign, term) for term in rest))
            return
    for child in expr.children:
        yield from _differences(child, squared=squared)


def _is_data(expr: Expr) -> bool:
    return isinstance(expr, Symbol) and expr.family.role is Role.DATA


def _is_affine(term: Expr) -> bool:
    """Whether a term has no data, and no parameter or one that is multiplied by what has none."""
    if term.contains(_is_data):
        return False
    if is_parameter(term) or not term.contains(is_parameter):
        return True
    if isinstance(term, Sum | Transpose):
        return _is_affine(term.children[0])
    if isinstance(term, Mul | Word):
        holding = [part for part in term.children if part.contains(is_parameter)]
        return len(holding) == 1 and _is_affine(holding[0])
    return False


def match(pattern: Expr, expr: Expr) -> dict[Index, Index] | None:
    """Return the names of indices under which the pattern reads as the expression."""
    if len(pattern.free) != len(expr.free) or type(pattern) is not type(expr):
        return None
    names = dict(zip(pattern.ordered_free, expr.ordered_free, strict=True))
    if any(old.size != new.size for old, new in names.items()):
        names = {old: next((i for i in expr.free if i.size == old.size), old) for old in pattern.free}
    return names if rename(pattern, names) == expr else None


def _symbols(expr: Expr) -> list[Symbol]:
    found = [expr] if isinstance(expr, Symbol) else []
    return found + [symbol for child in expr.children for symbol in _symbols(child)]
