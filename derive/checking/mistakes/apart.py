"""Which part of a formula differs from the right one."""

from derive.language.expr import Expr


def apart(written: Expr, right: Expr) -> Expr:
    """Return the smallest part of what is written in which alone it differs from the right formula."""
    if type(written) is not type(right) or not written.children:
        return written
    mine, theirs = written.children, right.children
    if len(mine) == len(theirs):
        pairs = [(one, other) for one, other in zip(mine, theirs, strict=True) if one != other]
        return apart(*pairs[0]) if len(pairs) == 1 and written.rebuild(*theirs) == right else written
    left = [one for one in mine if one not in theirs]
    return left[0] if len(left) == 1 and len(theirs) < len(mine) else written
