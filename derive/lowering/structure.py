"""The structure of a square matrix: which of its entries are stored and computed."""

from enum import IntEnum

from derive.language.calculus_nodes import Named
from derive.language.domain import Domain
from derive.language.expr import Add, Expr, Identity, Mul, Transpose, Word
from derive.language.family import Symbol
from derive.language.functions import DiagonalPart, Inverse, Sum
from derive.language.numbered import Cases


class Structure(IntEnum):
    """What is stored of a matrix: one number, the diagonal, or every entry. A vector is dense."""

    SPHERICAL = 0
    DIAGONAL = 1
    DENSE = 2


_OF_DOMAIN = {"spherical": Structure.SPHERICAL, "diagonal": Structure.DIAGONAL}


def structure_of_domain(domain: Domain) -> Structure:
    """Return how values of a domain are stored."""
    return _OF_DOMAIN.get(domain.structure, Structure.DENSE)


def structure_of(expr: Expr) -> Structure:
    """Return the structure that follows from the form of an expression."""
    match expr:
        case Named(_, _, definition):
            return structure_of(definition)
        case Symbol(family):
            return structure_of_domain(family.domain)
        case Identity():
            return Structure.SPHERICAL
        case DiagonalPart(arg):
            return min(Structure.DIAGONAL, structure_of(arg))
        case Add() | Cases():
            return max(map(structure_of, expr.children))
        case Word(letters):
            return max(map(structure_of, letters))
        case Mul(factors):
            return structure_of(factors[-1])
        case Inverse(arg) | Transpose(arg):
            return structure_of(arg)
        case Sum(_, body):
            return structure_of(body)
    return Structure.DENSE
