"""Comparisons between formulas, as what says where a density is not zero: ``x[n] <= theta[k]``."""

from dataclasses import dataclass

from derive.errors import ModelError


@dataclass(frozen=True)
class Comparison:
    """smaller <= larger, of two formulas or numbers; it has no value until ``support`` takes it."""

    smaller: object
    larger: object

    def __str__(self) -> str:
        return f"{self.smaller} <= {self.larger}"

    def __bool__(self) -> bool:
        raise ModelError(
            f"{self} is a comparison of formulas and has no truth value: write support({self}); "
            "a chain a <= x <= b is two of them, support(a <= x) + support(x <= b)"
        )


def strict(first: object, second: object) -> ModelError:
    """Return the error for ``<`` and ``>``."""
    return ModelError(
        f"{first} and {second} are compared by < or >: write <= or >=, so that the end belongs to the support; "
        "without it, a maximum there would not be attained"
    )
