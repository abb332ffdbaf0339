"""What all programs start from: data, parameters, and known constants of one case."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import InputError
from derive.runtime.initialisation import initial_responsibilities, with_others
from derive.runtime.protocol import GeneratedModule, plates, shared_plate

Array = NDArray[Any]
_ROWS = 50_000  # from which the first parameters are estimated


@dataclass(frozen=True)
class Problem:
    """X: data, shape (N, D) or (N,). parameters: the module's named tuple. source: what the data are, in words."""

    module: Any
    X: Array
    parameters: Any
    source: str
    knowns: Mapping[str, Array] = field(default_factory=dict)

    @property
    def size(self) -> tuple[int, int, int]:
        """N, D and K."""
        components = next(
            value.shape[0]
            for value, shape in zip(self.parameters, self.module.PARAMETER_SHAPES.values(), strict=True)
            if tuple(shape[:1]) == (plates(self.module)[1],)
        )
        return len(self.X), self.X[:1].size, components

    @property
    def features(self) -> int | None:
        """F, the number of functions of the data in which the log joint is linear; None where there are no such."""
        if not hasattr(self.module, "natural_parameters"):
            return None
        letter = plates(self.module)[0]
        shared = {name: value for name, value in self.knowns.items() if letter not in self.module.KNOWNS[name]}
        natural = self.module.natural_parameters(self.parameters, **shared)
        return int(natural.shape[1])


def start(module: GeneratedModule, X: Array, responsibilities: Array, knowns: Mapping[str, Array]) -> Any:
    """Parameters from responsibilities of the first rows, to which EM has not converged.

    responsibilities: shape (n, K), n at most N. Raises InputError where the model has no finite step from them.
    """
    rows = min(len(X), len(responsibilities))
    letter = plates(module)[0]
    part = {name: value[:rows] if letter in module.KNOWNS[name] else value for name, value in knowns.items()}
    shares = with_others(responsibilities[:rows], shared_plate(module)[1])
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            parameters = module.m_step(X[:rows], shares, **part)
            value = module.em_step(X[:rows], parameters, **part)[1]
    except (ValueError, ArithmeticError, np.linalg.LinAlgError) as error:
        raise InputError(f"{module.MODEL} cannot start from these data: {error}") from error
    if not np.isfinite(value) or not all(np.isfinite(one).all() for one in parameters):
        raise InputError(f"{module.MODEL} has no finite parameters for these data")
    return parameters


def softened(labels: Array, components: int) -> Array:
    """Responsibilities of half a label each, shape (n, K), the other half spread evenly."""
    own = np.eye(components)[labels[:_ROWS]]
    return np.asarray(0.5 * own + 0.5 / components)


def from_data(module: GeneratedModule, X: Array, components: int, knowns: Mapping[str, Array], source: str) -> Problem:
    """The problem of a user's data. Raises InputError where the model cannot start from them."""
    rough = initial_responsibilities(X[:_ROWS], components, np.random.default_rng(0), "k-means++")
    responsibilities = softened(np.argmax(rough, axis=1), components)
    return Problem(module, X, start(module, X, responsibilities, knowns), source, knowns)
