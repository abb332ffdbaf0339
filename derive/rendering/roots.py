"""The layout of roots and of what concerns several unknowns together."""

from collections.abc import Callable

from derive.language.expr import Expr
from derive.language.family import Family
from derive.language.joint import JointRoot
from derive.language.root_of import RootOf
from derive.rendering.layout import EQUALS, Chain, Fence, Layout, Operator, Row, Script, function, number
from derive.rendering.symbols import family_name, name

ROOT = function(r"\mathrm{root}", "root")
COMMA = Operator(",", ",")


def root(expr: RootOf | JointRoot, notation: Callable[[Expr], Layout]) -> Layout:
    """root_alpha{slope = 0}; of several unknowns, with all equations in the brackets."""
    slopes = expr.slopes if isinstance(expr, JointRoot) else (expr.slope,)
    equations = _spread([(notation(slope), EQUALS, number(0)) for slope in slopes])
    return Row((Script(ROOT, sub=name(expr.unknown)), Fence("{", Chain(equations))))


def together(families: tuple[Family, ...]) -> Layout:
    """The names of families, with commas between them."""
    return Row(_spread([(family_name(family),) for family in families]))


def _spread(groups: list[tuple[Layout, ...]]) -> tuple[Layout, ...]:
    items: list[Layout] = []
    for group in groups:
        items += [*([COMMA] if items else []), *group]
    return tuple(items)
