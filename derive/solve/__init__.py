"""Solving a stationarity equation for its unknown: a chain of equivalent equations, each with its move."""

from derive.solve.isolate import solve
from derive.solve.line import Line
from derive.solve.multiplier import eliminate_multiplier

__all__ = ["Line", "eliminate_multiplier", "solve"]
