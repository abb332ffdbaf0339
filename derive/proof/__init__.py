"""Steps of a derivation, their relations and certificates, and the derivation that they form."""

from derive.proof.derivation import Derivation, Section, UpdateEquation
from derive.proof.step import Certificate, Relation, Step

__all__ = ["Certificate", "Derivation", "Relation", "Section", "Step", "UpdateEquation"]
