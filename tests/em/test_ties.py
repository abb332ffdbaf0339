"""One parameter in place of another, known or shared parameters: each update against blind maximisation of Q."""

from collections.abc import Callable

import numpy as np
import pytest

from derive.em import derive_em
from derive.models.changes import fix, tie
from tests.em.densities import Case, Values, line, normal
from tests.em.interpret import check_derivation
from tests.language.floats import Array
from tests.proof.derivations import mixture

SIZES = {"N": 9, "K": 3, "D": 2}
NUMBERS = np.arange(1.0, SIZES["K"] + 1)


def row(v: Values, name: str) -> Array:
    """A scalar for each component, also where one is shared."""
    return np.broadcast_to(v[name][..., 0, 0], (SIZES["K"],))


def scalars(v: Values, variances: Array | None = None, means: Array | None = None) -> Array:
    """The log density of scalar data; what is not given has its usual name."""
    variances = row(v, "sigma2") if variances is None else variances
    return line({"y": v["x"]}, variances, row(v, "mu") if means is None else means)


CHANGES: tuple[tuple[str, str, str, Callable[[Values], Array]], ...] = (
    ("gaussian-1d", "tie", "sigma2", scalars),
    ("gaussian-1d", "tie", "mu", scalars),
    ("gaussian-1d", "tie", "pi", scalars),
    ("gaussian-1d", "fix", "pi = 1/K", scalars),
    ("gaussian-1d", "fix", "weights", scalars),
    ("gaussian-1d", "fix", "variances", scalars),
    ("gaussian-1d", "fix", "mu = -0.5", lambda v: scalars(v, means=np.full(3, -0.5))),
    ("gaussian-1d", "tie", "mu[k] = a + b*k", lambda v: scalars(v, means=row(v, "a") + row(v, "b") * NUMBERS)),
    ("gaussian-1d", "tie", "sigma2[k] = s[k]^2", lambda v: scalars(v, variances=row(v, "s") ** 2)),
    ("gaussian-1d", "tie", "sigma2 = 2*c", lambda v: scalars(v, variances=2 * row(v, "c"))),
    ("gaussian-full", "tie", "Sigma", normal),
    ("gaussian-full", "fix", "mu = 0", lambda v: normal(v, mean=np.zeros((3, 2, 1)))),
    ("gaussian-full", "fix", "Sigma = 2*I", lambda v: normal(v | {"Sigma": np.tile(2 * np.eye(2), (3, 1, 1))})),
    ("gaussian-full", "tie", "Sigma[k] = s[k]*I", lambda v: normal(v | {"Sigma": v["s"] * np.eye(2)})),
    ("gaussian-full", "tie", "Sigma[k] = k*S", lambda v: normal(v | {"Sigma": v["S"] * NUMBERS[:, None, None]})),
    ("gaussian-tied", "tie", "mu[k] = a + b*k", lambda v: normal(v, mean=v["a"] + v["b"] * NUMBERS[:, None, None])),
)


@pytest.mark.parametrize(("name", "verb", "what", "density"), CHANGES, ids=[f"{c[0]}: {c[1]} {c[2]}" for c in CHANGES])
def test_the_changed_model_is_derived_anew(name: str, verb: str, what: str, density: Callable[[Values], Array]) -> None:
    model = fix(mixture(name), what) if verb == "fix" else tie(mixture(name), what)
    assert check_derivation(Case(model, density), derive_em(model), sizes=SIZES) == []


def test_changes_compose() -> None:
    model = tie(tie(fix(mixture("gaussian-1d"), "pi = 1/K"), "sigma2"), "mu[k] = a + b*k")
    case = Case(model, lambda v: scalars(v, means=row(v, "a") + row(v, "b") * NUMBERS))
    assert check_derivation(case, derive_em(model), sizes=SIZES) == []
    assert [str(family) for family in model.parameters] == ["sigma2", "a", "b"]
