"""Values that parameters start from where an update needs previous ones and none are given."""

from derive.emission.model import Model
from derive.errors import DeriveError
from derive.language.expr import Expr, mul
from derive.language.family import Family, Symbol
from derive.language.rewrite import mentions, substitute


def start_of(model: Model, family: Family, dtype: str) -> str:
    """Return the array that a family starts from, as text."""
    axes = model.axes(family)
    sizes = [axis.size for axis in axes]
    text = f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(sizes)})"
    side = family.domain.side
    if side is not None and len(axes) == len(family.indices) + 2:
        return f"np.broadcast_to(np.eye({side}, dtype={dtype}), {text})"
    if family.domain.unit:
        return f"np.broadcast_to(np.eye(1, {sizes[-1]}, dtype={dtype})[0], {text})"  # along the first axis
    if family.domain.at_most_one and not family.domain.sums_to_one:
        return f"np.full({text}, 0.5, dtype={dtype})"
    return f"np.{'ones' if family.domain.nonnegative or _divides(model, family) else 'zeros'}({text}, dtype={dtype})"


def _divides(model: Model, family: Family) -> bool:
    """Whether an update divides by what vanishes where the family is zero, such as u'u for a_k = u'x / u'u."""
    needed = (a.expr for update in model.derivation.updates for a in update.assumptions)
    return any(expr.contains(mentions(family)) and _vanishes(expr, family) for expr in needed)


def _vanishes(expr: Expr, family: Family) -> bool:
    member = Symbol(family, family.indices)
    try:
        found = substitute(expr, member, mul(0, member))
    except (ZeroDivisionError, DeriveError):  # it has no value there
        return False
    return found == mul(0, found)
