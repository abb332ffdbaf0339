"""What cannot be lowered is refused with a sentence that says what and why."""

from dataclasses import replace

import pytest

from derive.errors import LoweringError
from derive.language.domain import Diagonal, Real
from derive.language.family import Data, Family, Known, Parameter, Role
from derive.language.functions import sum_over
from derive.lowering.functions import lower_derivation
from tests.lowering.equations import MEAN, D, derivation, gamma, gaussian, k, mu, n, scatter, x
from tests.lowering.equations import Sigma as FullSigma


def test_a_dense_value_for_a_diagonal_parameter() -> None:
    narrow = Parameter("Sigma", k, domain=Diagonal(D), code="covariances")
    wrong = derivation("wrong", gaussian(narrow[k]), {mu: MEAN, narrow: sum_over(n, gamma[n, k] * scatter())})
    with pytest.raises(LoweringError, match="dense"):
        lower_derivation(wrong)


def test_a_free_index() -> None:
    wrong = derivation("wrong", gaussian(FullSigma[k]), {mu: gamma[n, k] * x[n]})
    with pytest.raises(LoweringError, match=r"index n free"):
        lower_derivation(wrong)


@pytest.mark.parametrize("name", ["lambda", "class", "None"])
def test_names_that_python_reserves(name: str) -> None:
    known = replace(Known("c"), code=name)  # a declaration would refuse it already
    wrong = derivation("wrong", gaussian(FullSigma[k]) + known.symbol, {mu: MEAN})
    with pytest.raises(LoweringError, match=f"{name!r}.*Python"):
        lower_derivation(wrong)


def test_symbols_without_a_value() -> None:
    multiplier = Family("lambda_", Role.MULTIPLIER, domain=Real())
    wrong = derivation("wrong", gaussian(FullSigma[k]), {mu: MEAN * multiplier.symbol})
    with pytest.raises(LoweringError, match="no value in generated code"):
        lower_derivation(wrong)


def test_data_is_not_a_parameter() -> None:
    assert Data("x", n, shape=D).role is Role.DATA
