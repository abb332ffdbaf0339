"""Names in code for statistics, by what they sum: counts, sums, scatters, log_sums, sums_by_exposure."""

from derive.language.expr import Expr, Power, Transpose
from derive.language.family import Role, Symbol
from derive.language.functions import DiagonalPart, Log, Sum, Trace
from derive.language.rewrite import factors, letters


def code_of(core: Expr, taken: set[str]) -> str:
    """Return a name that is not taken, from what is summed over the samples with the responsibilities' weight."""
    base = _named(_unweighted(core))
    number, name = 2, base
    while name in taken:
        name, number = f"{base}_{number}", number + 1
    return name


def _unweighted(core: Expr) -> list[Expr]:
    """The factors and letters that the responsibilities weigh."""
    parts = [letter for factor in factors(core) for letter in letters(factor)]
    opened = [part.children[0] if isinstance(part, Sum | DiagonalPart | Trace) else part for part in parts]
    if opened != parts:
        return [part for inner in opened for part in _unweighted(inner)]
    return [part for part in parts if not _is_role(part, Role.RESPONSIBILITY)]


def _named(parts: list[Expr]) -> str:
    if not parts:
        return "counts"
    known = list(dict.fromkeys(_family(part) for part in parts if _is_role(part, Role.KNOWN)))
    rest = [part for part in parts if not _is_role(part, Role.KNOWN)]
    codes = "_".join(code for code in known if code)
    if not known:
        return _word(rest)
    if rest:
        return f"{_word(rest)}_by_{codes}"
    return f"{codes}_{'scatters' if len(parts) > 1 else 'sums'}"


def _word(parts: list[Expr]) -> str:
    """Return a word for what holds data."""
    if len(parts) == 2 and _bare(parts[0]) == _bare(parts[1]):
        return _square(_bare(parts[0]))
    if len(parts) > 1:
        return "products"
    match parts[0]:
        case Power(base, exponent) if exponent == 2:
            return _square(base)
        case Power(_, exponent) if exponent == -1:
            return "reciprocal_sums"
        case part if part.contains(lambda e: isinstance(e, Log)):
            return "log_sums"
        case Symbol():
            return "sums"
    return "moments"


def _square(base: Expr) -> str:
    about_origin = isinstance(base, Symbol) and base.family.definition is not None
    return "scatters" if about_origin else "squares"


def _bare(part: Expr) -> Expr:
    return part.arg if isinstance(part, Transpose) else part


def _is_role(part: Expr, role: Role) -> bool:
    """Whether a part is a symbol of this role, or its transpose or power."""
    inner = part.base if isinstance(part, Power) else _bare(part)
    return isinstance(inner, Symbol) and inner.family.role is role


def _family(part: Expr) -> str:
    inner = part.base if isinstance(part, Power) else _bare(part)
    return inner.family.code if isinstance(inner, Symbol) else ""
