"""What a domain asks of numbers, as a NumPy condition and in words."""

from derive.language.domain import (
    AtLeast,
    Binary,
    Count,
    CountUpTo,
    Domain,
    NonNegative,
    Positive,
    Probability,
    Simplex,
    UnitInterval,
)

# The most special first: a domain is described by the first of these that it is.
_ASKED: tuple[tuple[type[Domain], str, str], ...] = (
    (CountUpTo, "({x} >= 0) & ({bound} >= {x}) & (np.floor({x}) == {x})", "whole numbers from 0 to {bound}"),
    (Count, "({x} >= 0) & (np.floor({x}) == {x})", "whole numbers from 0"),
    (AtLeast, "{bound} <= {x}", "at least {bound}"),
    (Binary, "({x} == 0) | ({x} == 1)", "0 or 1"),
    (UnitInterval, "({x} >= 0) & ({x} <= 1)", "from 0 to 1"),
    (Probability, "({x} > 0) & ({x} < 1)", "between 0 and 1"),
    (Simplex, "{x} > 0", "positive"),
    (Positive, "{x} > 0", "positive"),
    (NonNegative, "{x} >= 0", "zero or more"),
)


def condition(domain: Domain, x: str, bound: str = "") -> str:
    """Return the condition that numbers x lie in a domain of scalars; an empty text where all do."""
    return next((asked.format(x=x, bound=bound) for kind, asked, _ in _ASKED if isinstance(domain, kind)), "")


def words(domain: Domain, bound: str = "") -> str:
    """Return what the numbers must be; an empty text where any will do."""
    return next((said.format(bound=bound) for kind, _, said in _ASKED if isinstance(domain, kind)), "")
