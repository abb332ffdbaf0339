"""Equations of a derivation, also altered ones, as functions of arrays, run by the reference interpreter."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from derive.checking.submitted.problem import Arrays, Problem, Setting
from derive.lowering.functions import Programs, lower_derivation, lower_equation, lower_updates, scope_of
from derive.lowering.interpreter import Interpreter
from derive.lowering.node import Node
from derive.proof.derivation import UpdateEquation

Array = NDArray[np.float64]


class Equations:
    """The equations of one model, evaluated on problems."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self._lowered: dict[UpdateEquation, Node] = {}

    @cached_property
    def _programs(self) -> Programs:
        return lower_derivation(self.setting.derivation)

    def value(self, equation: UpdateEquation, inputs: Mapping[str, Array], sizes: Mapping[str, int]) -> Array:
        """The value of an update or of the log joint. inputs: X, responsibilities, parameters, knowns, moments."""
        if equation not in self._lowered:
            scope = replace(scope_of(self.setting.derivation), log_joint="", current="parameter")
            joint = equation.target == self.setting.derivation.log_joint.target
            lowered = (
                lower_equation("value", equation, scope) if joint else lower_updates((equation,), scope).outputs[0]
            )
            self._lowered[equation] = lowered.node
        with np.errstate(all="ignore"):
            return np.asarray(Interpreter(inputs, sizes)(self._lowered[equation]), dtype=np.float64)

    def moments(self, inputs: Mapping[str, Array], sizes: Mapping[str, int]) -> Arrays:
        """Posterior moments of a latent variable at these parameters; none for most models."""
        program = self._programs.moments
        if program is None:
            return {}
        with np.errstate(all="ignore"):
            run = Interpreter(inputs, sizes)
            return {output.name: np.asarray(run(output.node), dtype=np.float64) for output in program.outputs}


def sizes_of(problem: Problem) -> dict[str, int]:
    """The size behind each name, also of the components that share a density."""
    base, more = problem.setting.regular
    sizes = problem.sizes
    return sizes | {base: problem.responsibilities.shape[1] - more}


def posterior(joint: Array) -> Array:
    """Responsibilities from the log joint."""
    with np.errstate(all="ignore"):
        scaled = np.exp(joint - joint.max(axis=1, keepdims=True))
        return np.asarray(scaled / scaled.sum(axis=1, keepdims=True))
