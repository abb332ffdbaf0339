"""A mistake in code: what the model's own equations give when it is made."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from derive.checking.submitted.problem import Arrays, Problem


@dataclass(frozen=True)
class Mutant:
    """name: of the mistake. says: a sentence. value: what a function with this mistake returns, by name in code."""

    name: str
    says: str
    value: Callable[[Problem], Arrays]

    def on(self, problem: Problem) -> Arrays:
        """Its results; empty where it has none."""
        with np.errstate(all="ignore"):
            try:
                return self.value(problem)
            except (ValueError, ArithmeticError, LookupError, np.linalg.LinAlgError):
                return {}
