"""Matrix differential calculus: differentials, gradients on a tangent space, signs of second differentials."""

from derive.calculus import special as _special  # noqa: F401 - registers the differentials of special functions
