"""Descriptions of mixtures: what makes sense is taken as it stands, what does not is refused in one line."""

from collections.abc import Callable

import pytest

from derive.errors import ModelError
from derive.language import (
    Data,
    Dimension,
    Index,
    Known,
    Parameter,
    Positive,
    PositiveDefinite,
    Simplex,
    inverse,
    log,
    logdet,
    quad,
    sum_over,
)
from derive.models.mixture import Mixture

n, k, D = Index("n", "N"), Index("k", "K"), Dimension("D")
x, y, count = Data("x", n, shape=D), Data("y", n), Data("c", n, domain=Positive)
mu, a, u = Parameter("mu", k, shape=D, code="means"), Parameter("a", k), Parameter("u", k, domain=Positive)
S, pi = Parameter("S", k, domain=PositiveDefinite(D)), Parameter("pi", k, domain=Simplex, code="weights")
j, m = Index("j", "J"), Index("m", "N")
square = -((y[n] - a[k]) ** 2)


def test_a_description_and_what_is_read_off_it() -> None:
    A = Known("A", domain=PositiveDefinite(D))
    model = Mixture("own", weights=pi, log_density=-logdet(S[k]) / 2 - quad(inverse(S[k]) + A, x[n] - mu[k]))
    assert model.families[0] == pi
    assert set(model.families) == {pi, S, x, mu, A}
    assert set(model.parameters) == {pi, S, mu}
    assert model.knowns == (A,)
    assert model.data == x
    assert (model.sample, model.component) == (n, k)
    assert [extent.name for extent in model.extents] == ["N", "K", "D"]
    assert model.log_joint == log(pi[k]) + model.log_density


def test_indices_of_other_names() -> None:
    i, c = Index("i", "I"), Index("c", "C")
    data, place, weights = Data("y", i), Parameter("a", c), Parameter("pi", c, domain=Simplex)
    model = Mixture("own", weights=weights, log_density=-((data[i] - place[c]) ** 2))
    assert (model.sample, model.component) == (i, c)


MISTAKES: dict[str, tuple[Callable[[], object], str]] = {
    "name with a space": (lambda: Mixture("a b", weights=pi, log_density=square), "a b"),
    "name that leaves the folder": (lambda: Mixture("../a", weights=pi, log_density=square), "name"),
    "name that is none": (lambda: Mixture(3, weights=pi, log_density=square), "name"),  # type: ignore[arg-type]
    "no density": (lambda: Mixture("own", weights=pi, log_density=None), "log_density"),  # type: ignore[arg-type]
    "number for a density": (lambda: Mixture("own", weights=pi, log_density=3), "log_density"),  # type: ignore[arg-type]
    "matrix for a density": (lambda: Mixture("own", weights=pi, log_density=S[k]), "scalar"),
    "vector for a density": (lambda: Mixture("own", weights=pi, log_density=x[n] - mu[k]), "scalar"),
    "member for weights": (lambda: Mixture("own", weights=pi[k], log_density=square), "weights"),  # type: ignore[arg-type]
    "weights without a plate": (
        lambda: Mixture("own", weights=Parameter("p", domain=Simplex), log_density=square),
        "Simplex needs the index",
    ),
    "real weights": (lambda: Mixture("own", weights=Parameter("p", k), log_density=square), "Simplex"),
    "no data": (lambda: Mixture("own", weights=pi, log_density=-(a[k] ** 2)), "Data"),
    "two kinds of data": (lambda: Mixture("own", weights=pi, log_density=square - count[n]), "Data"),
    "free index": (lambda: Mixture("own", weights=pi, log_density=square * Known("b", j)[j]), "j"),
    "other sample left free": (lambda: Mixture("own", weights=pi, log_density=square * y[m]), "m"),
    "two of one name": (lambda: Mixture("own", weights=pi, log_density=square - Known("a")), "'a'"),
    "two of one code": (lambda: Mixture("own", weights=pi, log_density=square - Known("b", code="a")), "'a'"),
    "code of the data": (lambda: Mixture("own", weights=pi, log_density=-((y[n] - Parameter("X", k)[k]) ** 2)), "'X'"),
    "data for components": (
        lambda: Mixture("own", weights=pi, log_density=-((Data("z", k)[k] - a[k]) ** 2)),
        "plates of their own",
    ),
    "sizes that are one": (
        lambda: Mixture("own", weights=pi, log_density=-((Data("z", Index("n", "K"))[Index("n", "K")] - a[k]) ** 2)),
        "K",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_what_makes_no_sense_is_refused(name: str) -> None:
    make, words = MISTAKES[name]
    with pytest.raises(ModelError, match=words):
        make()


def test_a_sum_over_another_plate_is_fine() -> None:
    model = Mixture("own", weights=pi, log_density=square - sum_over(j, Known("b", j)[j] ** 2) * u[k])
    assert [extent.name for extent in model.extents][:2] == ["N", "K"]
