"""One EM iteration of an estimator, with or without sample weights: the one place that calls a module's iterations."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.runtime.kernel import Kernel
from derive.runtime.modes import soft_e_step
from derive.runtime.protocol import GeneratedModule

Array = NDArray[Any]


@dataclass(frozen=True)
class Steps:
    """EM iterations of a module on X, events as the module takes them, N rows.

    sample_weight: shape (N,), positive, or None for ones. An M-step sees data through sums over rows of γ_nk times a
    function of x_n, and N = Σ_n Σ_k γ_nk; so with w_n γ_nk in place of γ_nk and weights that are scaled to sum to N, it
    maximises Σ_n w_n Σ_k γ_nk l_nk: a row of weight 2 counts as two rows. Such iterations go through N x K arrays.
    """

    module: GeneratedModule
    X: Array
    sample_weight: Array | None = None

    def first(self, responsibilities: Array) -> Any:
        """The parameters that an M-step makes of responsibilities to start from, shape (N, K).

        A component that has no row at all gets all rows with next to no weight: it starts as wide as the data.
        """
        filled = responsibilities.copy()
        filled[:, ~(filled > 0).any(axis=0)] = 10 * np.finfo(filled.dtype).eps / len(filled)
        return self._m_step(filled, None)

    @cached_property
    def _kernel(self) -> Kernel:
        """What iterations are computed by; the data do not change while they are fitted."""
        return Kernel(self.module).hold(self.X)

    def __call__(self, parameters: Any) -> tuple[Any, float]:
        """The next parameters, and the log-likelihood of the given ones, in nats a row."""
        if self.sample_weight is None:
            try:
                following, value = self._kernel.em_step(self.X, parameters)
            except np.linalg.LinAlgError:
                raise
            except ValueError:  # a component lost its last row: it is started again below
                pass
            else:
                return following, value / len(self.X)
        responsibilities, values = soft_e_step(self.module.log_joint(self.X, parameters))
        value = float(np.average(values, weights=self.sample_weight))
        lost = ~(responsibilities > 0).any(axis=0)
        return self.first(responsibilities) if lost.any() else self._m_step(responsibilities, parameters), value

    def _m_step(self, responsibilities: Array, previous: Any) -> Any:
        if self.sample_weight is not None:
            scaled = self.sample_weight * (len(self.X) / self.sample_weight.sum())
            responsibilities = scaled[:, np.newaxis].astype(responsibilities.dtype) * responsibilities
        return self.module.m_step(self.X, responsibilities, previous)
