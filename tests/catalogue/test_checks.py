"""What `derive verify` checks holds for every model of the catalogue; and every model has an example here."""

import pytest

from derive.checking.code import compares_with_derivation, counts_parameters
from derive.checking.monotone import never_lowers
from derive.models.load import catalogue
from tests.catalogue.example import derivation, module
from tests.catalogue.examples import EXAMPLES

GAUSSIAN = {f"gaussian-{kind}" for kind in ("1d", "diagonal", "full", "spherical", "tied")}


def test_every_model_has_an_example() -> None:
    assert set(catalogue()) == GAUSSIAN | set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_step_is_certified(name: str) -> None:
    assert all(step.certificate is not None for step in derivation(name).steps)


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("claim", [compares_with_derivation, counts_parameters, never_lowers], ids=lambda f: f.__name__)
def test_code_and_derivation_agree(name: str, claim: object) -> None:
    assert claim(derivation(name), module(name))  # type: ignore[operator]
