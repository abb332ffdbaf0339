"""Derivations to render, each made once."""

import pytest

from derive import api
from derive.proof import Derivation


@pytest.fixture(scope="session")
def full() -> Derivation:
    return api.load("gaussian-full").derivation()


@pytest.fixture(scope="session")
def scalar() -> Derivation:
    return api.load("gaussian-1d").derivation()
