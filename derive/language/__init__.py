"""The language of densities: indices, families of symbols with domains, and the functions that combine them."""

from derive.language import plain as _plain  # noqa: F401 - registers the texts of the nodes
from derive.language.domain import Diagonal, NonNegative, Positive, PositiveDefinite, Real, Simplex, Spherical
from derive.language.expr import Expr
from derive.language.family import Data, Family, Known, Parameter
from derive.language.functions import (
    PI,
    Dimension,
    diagonal_part,
    exp,
    identity,
    inverse,
    log,
    logdet,
    outer,
    quad,
    sqrt,
    sum_over,
    trace,
    transpose,
)
from derive.language.index import Index

__all__ = [
    "PI",
    "Data",
    "Diagonal",
    "Dimension",
    "Expr",
    "Family",
    "Index",
    "Known",
    "NonNegative",
    "Parameter",
    "Positive",
    "PositiveDefinite",
    "Real",
    "Simplex",
    "Spherical",
    "diagonal_part",
    "exp",
    "identity",
    "inverse",
    "log",
    "logdet",
    "outer",
    "quad",
    "sqrt",
    "sum_over",
    "trace",
    "transpose",
]
