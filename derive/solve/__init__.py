"""Solving a stationarity equation for its unknown: a chain of equivalent equations, each with its move."""

from derive.solve.line import Line
from derive.solve.multiplier import eliminate_multiplier
from derive.solve.strategies import solve

__all__ = ["Line", "eliminate_multiplier", "solve"]
