"""Derivations that the tests of proofs share, each made once."""

from functools import cache

from derive.api import load
from derive.em import derive_em
from derive.models.mixture import Mixture
from derive.proof.certify import Certifier
from derive.proof.derivation import Derivation
from derive.proof.step import Step
from tests.em.densities import SCALARS, VECTORS

CATALOGUE = ("gaussian-full", "gaussian-tied", "gaussian-diagonal", "gaussian-spherical", "gaussian-1d")


@cache
def mixture(name: str) -> Mixture:
    """A model of the catalogue or one of the tests' own densities."""
    own = {case.name: case.model for case in VECTORS + SCALARS}
    return own[name] if name in own else load(name).mixture


@cache
def derivation(name: str) -> Derivation:
    """Return the derivation of a model."""
    return derive_em(mixture(name))


def certify(name: str, step: Step) -> Step:
    """Certify a step in the place of the one with its number, in the derivation of a model."""
    return Certifier(mixture(name).extents).certify(step, derivation(name).step)


def find(name: str, rule: str, section: str = "", nth: int = 0) -> Step:
    """Return the nth step of a rule in the sections whose titles mention ``section``."""
    found = [
        step for part in derivation(name).sections if section in part.title for step in part.steps if step.rule == rule
    ]
    return found[nth]
