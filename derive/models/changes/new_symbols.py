"""A formula in a model's symbols and in new ones, which become parameters of the shapes that fit."""

from collections.abc import Mapping
from itertools import product

from derive.errors import DeriveError, ModelError
from derive.language.domain import Domain, Positive, Real
from derive.language.expr import Expr
from derive.language.family import Family, Role
from derive.language.index import SCALAR, Shape
from derive.models.mixture import Mixture
from derive.models.reading import Node
from derive.models.reading.symbols import Symbols, names_in

MOST_NEW = 4


def formula_for(model: Mixture, family: Family, right: Node, declared: Mapping[str, Family]) -> Expr:
    """Return what a text says, to stand in place of a family.

    declared: new symbols that have a declaration; others become parameters, shared by all components where no index
    stands behind them. Raises InputError for a name that looks like a misspelt one, and where not exactly one choice of
    shapes fits.
    """
    for name, found in declared.items():
        if not isinstance(found, Family) or found.name != name:
            raise ModelError(f"{name} = {found!r}: give a declaration of that name, as in {name}=Parameter({name!r})")
    symbols = Symbols(model, family.domain.side, declared)
    unknown = _unknown(symbols, right)
    if not unknown:
        return symbols.expression(right)
    fitting: list[tuple[int, Expr]] = []
    refused: DeriveError | None = None
    for shapes in product(dict.fromkeys((family.shape, SCALAR)), repeat=len(unknown)):
        new = {
            name: _new(model, family, name, shape, indexed=indexed)
            for (name, indexed), shape in zip(unknown.items(), shapes, strict=True)
        }
        try:
            value = Symbols(model, family.domain.side, {**declared, **new}).expression(right)
        except DeriveError as error:
            refused = error
            continue
        if value.shape == family.shape:
            fitting.append((sum(not shape.is_scalar for shape in shapes), value))
    fewest = [value for count, value in fitting if count == min(count for count, _ in fitting)]
    if len(fewest) == 1:  # s*I is a number times the identity matrix, rather than a matrix
        return fewest[0]
    if refused is not None and not fitting:
        raise refused
    how = "several shapes fit" if fitting else "no shapes fit"
    raise right.place.error(f"{family.name} is {family.shape}: for {' and '.join(unknown)} {how}; declare them")


def _unknown(symbols: Symbols, right: Node) -> dict[str, bool]:
    """New names, and whether an index stands behind them."""
    unknown: dict[str, bool] = {}
    model = symbols.model
    plates = {index.name for family in model.families for index in family.indices}
    for name, place, indexed in names_in(right):
        if symbols.is_known(name):
            continue
        symbols.check_spelling(name, place)
        if name in plates and not place.text[: place.start].rstrip().endswith("["):
            raise place.error(f"{name} is an index of the model; the number of a component is {model.component}")
        if unknown.setdefault(name, indexed) != indexed:
            raise place.error(f"{name} stands with and without an index")
    if len(unknown) > MOST_NEW:
        raise right.place.error(f"it has {len(unknown)} new names, {', '.join(unknown)}: declare them")
    return unknown


def _new(model: Mixture, family: Family, name: str, shape: Shape, *, indexed: bool) -> Family:
    """A new parameter, positive where the one that it replaces is."""
    indices = (model.component,) if indexed else ()
    domain: Domain = family.domain if shape == family.shape else Real()
    if family.domain.positive and shape.is_scalar:
        domain = Positive()
    return Family(name, Role.PARAMETER, indices, shape, domain, "", name)
