"""A location: data that enter a density only as x_n - mu_k, or as any difference with terms linear in parameters.

Sums of squares of such data lose digits where the data lie far from zero: (10000.1)^2 - (10000)^2. Taken about an
origin, y_nk = x_n - mu0_k with known mu0, they do not, and the density in y_nk and delta_k = mu_k - mu0_k has no origin
left in it: nothing else changes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from derive.em.names import Names
from derive.em.separation import NotSeparableError, is_parameter
from derive.language.expr import Add, Expr, Mul, Transpose, Word, add, mul
from derive.language.family import Family, Role, Symbol
from derive.language.functions import Sum
from derive.language.index import Index
from derive.language.rewrite import canonical, coefficient, collect, distribute, rename, substitute
from derive.models.mixture import Mixture


@dataclass(frozen=True)
class Moved:
    """A parameter mu of a location, its origin mu0, and their difference delta."""

    family: Family
    origin: Family
    difference: Family


@dataclass(frozen=True)
class Location:
    """data - centre is how the data enter; residual: y, which is data - centre at the origin."""

    data: Expr
    centre: Expr
    residual: Family
    moved: tuple[Moved, ...]
    component: Index

    @property
    def at_origin(self) -> Expr:
        """The centre at the origin."""
        return put(self.centre, [(m.family, m.origin) for m in self.moved])

    @property
    def origins(self) -> tuple[Family, ...]:
        """The origins."""
        return tuple(m.origin for m in self.moved)

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
            weights = [f for f in expr.factors if isinstance(f, Symbol) and f.family.role is Role.RESPONSIBILITY]
            component = weights[0].indices[-1] if weights else component
        names = _match(self.data, expr)
        if names is not None:
            if self.component in self.residual.indices:
                if component is None:
                    raise NotSeparableError(f"{expr} stands in a sum that belongs to no component")
                names |= {self.component: component}
            residual = Symbol(self.residual, tuple(names.get(index, index) for index in self.residual.indices))
            return add(residual, rename(self.at_origin, names))
        for moved in self.moved:
            if isinstance(expr, Symbol) and expr.family == moved.family:
                return add(Symbol(moved.origin, expr.indices), Symbol(moved.difference, expr.indices))
        expr = expr.map(lambda part: self.shifted(part, component))
        return self.gathered(expr) if isinstance(expr, Add) else expr

    def gathered(self, expr: Expr) -> Expr:
        """Multiply out what holds an origin and add up like terms: origins cancel in x_n - mu_k."""
        if not expr.contains(self.mentions_origin):
            return expr
        return collect(add(mul(0, expr), *distribute(expr, self.mentions_origin)))


def put(expr: Expr, families: list[tuple[Family, Family]]) -> Expr:
    """Put other families of the same indices in the places of given ones."""
    for old, new in families:
        expr = substitute(expr, Symbol(old, old.indices), Symbol(new, old.indices))
    return expr


def find_location(model: Mixture, names: Names) -> Location | None:
    """Return the location of a density; None where it has none, or where not all data and parameters enter so."""
    found = {canonical(add(data, mul(-1, centre))): (data, centre) for data, centre in _differences(model.log_density)}
    if len(found) != 1:
        return None
    ((data, centre),) = found.values()
    families = tuple(dict.fromkeys(symbol.family for symbol in _symbols(centre) if is_parameter(symbol)))
    moved = tuple(_moved(family, names, alone=len(families) == 1) for family in families)
    at_origin = put(centre, [(m.family, m.origin) for m in moved])
    definition = add(data, mul(-1, at_origin))
    others = sorted(definition.free - {model.sample, model.component})
    indices = (model.sample, *([model.component] if model.component in definition.free else []), *others)
    name = names.fresh("y", "u", "e", "h")
    residual = Family(name, Role.DATA, indices, data.shape, code="centred", definition=definition)
    return Location(data, centre, residual, moved, model.component)


def _moved(family: Family, names: Names, *, alone: bool) -> Moved:
    """Return the parameter's origin and its difference from it."""
    latex = family.latex or (f"\\{family.name}" if len(family.name) > 1 else family.name)
    origin = replace(
        family,
        name=names.fresh(f"{family.name}0", f"{family.name}_0", f"{family.name}_origin"),
        latex=f"{latex}^{{0}}",
        code=f"origin_{family.code}",
        bindings=(),
    )
    symbol, start = Symbol(family, family.indices), Symbol(origin, family.indices)
    name = names.fresh("delta", "epsilon", "d") if alone else names.fresh(f"delta_{family.name}")
    code = "shift" if alone else f"shift_of_{family.code}"
    difference = Family(
        name, Role.PARAMETER, family.indices, family.shape, code=code, definition=add(symbol, mul(-1, start))
    )
    return Moved(family, origin, difference)


def _differences(expr: Expr) -> Iterator[tuple[Expr, Expr]]:
    """Yield (data, centre) for each sum of terms that is such a difference."""
    if isinstance(expr, Add):
        data = [term for term in expr.terms if term.contains(_is_data) and not term.contains(is_parameter)]
        rest = [term for term in expr.terms if term not in data]
        if data and any(term.contains(is_parameter) for term in rest) and all(map(_is_affine, rest)):
            sign = -1 if coefficient(data[0])[0] < 0 else 1
            yield add(*(mul(sign, term) for term in data)), add(*(mul(-sign, term) for term in rest))
            return
    for child in expr.children:
        yield from _differences(child)


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


def _match(pattern: Expr, expr: Expr) -> dict[Index, Index] | None:
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
