"""Coordinates as plates: which families may carry which indices, and what is said where they may not."""

from collections.abc import Callable

import pytest

from derive.errors import ModelError
from derive.language import Data, Dimension, Index, Known, Parameter, Positive, Simplex, sum_over
from derive.models.mixture import Mixture

n, k, d = Index("n", "N"), Index("k", "K"), Index("d", "D")
pi = Parameter("pi", k, domain=Simplex, code="weights")
x, a = Data("x", n, d), Parameter("a", k, d)
square = sum_over(d, -((x[n, d] - a[k, d]) ** 2))


def test_coordinates_of_data_and_parameters() -> None:
    shared, known = Parameter("b", d), Known("e", n, d, domain=Positive)
    model = Mixture("own", weights=pi, log_density=square + sum_over(d, known[n, d] * shared[d] * x[n, d]))
    assert [extent.name for extent in model.extents] == ["N", "K", "D"]
    assert (model.sample, model.component) == (n, k)


e, c = Index("e", "E"), Index("c", "D")
MISTAKES: dict[str, tuple[Callable[[], object], str]] = {
    "a coordinate left free": (lambda: Mixture("own", weights=pi, log_density=-(x[n, d] ** 2)), "index d is left free"),
    "a parameter for each sample": (
        lambda: Mixture("own", weights=pi, log_density=square + sum_over(d, Parameter("b", n, d)[n, d])),
        "one for each sample",
    ),
    "data for each component": (
        lambda: Mixture("own", weights=pi, log_density=-((Data("x", n, k)[n, k] - Parameter("a", k)[k]) ** 2)),
        "nobody observes",
    ),
    "indices in another order": (
        lambda: Mixture("own", weights=pi, log_density=sum_over(d, -((x[n, d] - Parameter("a", d, k)[d, k]) ** 2))),
        "indices in order",
    ),
    "one plate twice": (
        lambda: Mixture(
            "own", weights=pi, log_density=square + sum_over(d, sum_over(c, Parameter("B", k, d, c)[k, d, c]))
        ),
        "one plate twice",
    ),
    "samples that are tables": (
        lambda: Mixture(
            "own",
            weights=pi,
            log_density=sum_over(d, sum_over(e, -((Data("x", n, d, e)[n, d, e] - a[k, d]) ** 2))),
        ),
        "a scalar or a vector",
    ),
    "a dimension with the letter of a plate": (
        lambda: Mixture(
            "own",
            weights=pi,
            log_density=square - Parameter("b", shape=Dimension("D")).symbol.T @ Known("f", shape=Dimension("D")),
        ),
        "the letter of a plate",
    ),
    "one index over two plates": (
        lambda: Mixture(
            "own",
            weights=pi,
            log_density=square + sum_over(Index("d", "E"), Parameter("b", Index("d", "E"))[Index("d", "E")]),
        ),
        "give one of them another letter",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_refused(name: str) -> None:
    made, message = MISTAKES[name]
    with pytest.raises(ModelError, match=message):
        made()
