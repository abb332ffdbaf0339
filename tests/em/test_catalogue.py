"""The five models of the catalogue against numerical maximisation of Q."""

import numpy as np
import pytest

from tests.em.densities import Case, Values, difference, form, normal
from tests.em.interpret import check_derivation
from tests.language.floats import Array
from tests.proof.derivations import CATALOGUE, derivation, mixture


def density(name: str, values: Values) -> Array:
    """The log density without its constant, as a textbook has it."""
    if name != "gaussian-1d":
        return normal(values)
    variances = values["sigma2"][:, 0, 0]
    return np.asarray(-np.log(variances) / 2 - (values["x"][:, :, 0] - values["mu"][:, 0, 0]) ** 2 / (2 * variances))


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_updates_maximise_q(name: str) -> None:
    case = Case(mixture(name), lambda values: density(name, values))
    assert check_derivation(case, derivation(name)) == []


def test_the_comparison_can_fail() -> None:
    wrong = Case(mixture("gaussian-full"), lambda v: normal(v, b=1 / 3))
    assert any("Sigma" in line for line in check_derivation(wrong, derivation("gaussian-full")))
    shifted = Case(
        mixture("gaussian-full"), lambda v: normal(v) - form(np.eye(3), difference(v) * 0 + v["mu"][None, ..., 0])
    )
    assert any("mu" in line for line in check_derivation(shifted, derivation("gaussian-full")))
