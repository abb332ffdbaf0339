"""Steps of a derivation, their relations and certificates, and the derivation that they form."""

from derive.proof.derivation import Derivation, Section, UpdateEquation
from derive.proof.step import Assumption, Certificate, Relation, Step

__all__ = ["Assumption", "Certificate", "Derivation", "Relation", "Section", "Step", "UpdateEquation"]
