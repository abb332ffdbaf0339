"""What every generated module offers, as types: the runtime knows models by this and by nothing else."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
Parameters = tuple[Array, ...]
"""A named tuple of arrays; its fields are the keys of the module's PARAMETER_SHAPES."""


def sample_weights(module: "GeneratedModule") -> str | None:
    """The name of the known constants that say how many equal rows each row stands for, if the model has them."""
    return getattr(module, "SAMPLE_WEIGHTS", None)


def plates(module: "GeneratedModule") -> tuple[str, str]:
    """The letters of the numbers of rows and of components in shapes: N and K, unless the model has others."""
    letters: tuple[str, str] = getattr(module, "PLATES", ("N", "K"))
    return letters


def shared_plate(module: "GeneratedModule") -> tuple[str, int]:
    """The letter of the number of components that share a density, and how many others have their own: K and 1.

    The columns of responsibilities are those of the K components first, then those of the others, if there are any.
    """
    letter, _, more = plates(module)[1].partition(" + ")
    return letter, int(more or 0)


class GeneratedModule(Protocol):
    """A generated update module. Shapes are tuples of letters (K components, D columns) or numbers.

    PLATES names the letters of rows and components where these are others than N and K (see `plates`).

    Known constants (KNOWNS) are keyword-only arguments of every function that takes X or the parameters. Where one of
    them says how many equal rows each row stands for, the module names it as SAMPLE_WEIGHTS.
    """

    @property
    def MODEL(self) -> str:
        """The model's name, as `derive models` lists it."""
        ...

    @property
    def EVENT_SHAPE(self) -> tuple[str | int, ...]:
        """The shape of one row: ("D",), or () for scalar data."""
        ...

    @property
    def PARAMETER_SHAPES(self) -> Mapping[str, tuple[str | int, ...]]:
        """The shape of each parameter by its field's name, in the order of the fields."""
        ...

    @property
    def KNOWNS(self) -> Mapping[str, tuple[str | int, ...]]:
        """The shape of each known constant by its argument's name; empty for most models."""
        ...

    @property
    def WEIGHTS(self) -> str:
        """The name of the mixing weights, a field of Parameters or a known constant; empty where they are equal."""
        ...

    @property
    def Parameters(self) -> Callable[..., Any]:
        """The named tuple of the parameters, called with one array a field."""
        ...

    def log_joint(self, X: Array, parameters: Any, **knowns: Array) -> Array:
        """Log of weight times density, shape (N, K)."""
        ...

    def e_step(self, X: Array, parameters: Any, **knowns: Array) -> Array:
        """Responsibilities, shape (N, K)."""
        ...

    def m_step(self, X: Array, responsibilities: Array, previous: Any = None, **knowns: Array) -> Any:
        """Parameters that maximise Q."""
        ...

    def log_likelihood(self, X: Array, parameters: Any, **knowns: Array) -> float:
        """Log-likelihood of all rows."""
        ...

    def objective(self, X: Array, parameters: Any, **knowns: Array) -> float:
        """What EM never lowers: the log-likelihood, or with a prior the log-posterior up to a constant."""
        ...

    def em_step(self, X: Array, parameters: Any, **knowns: Array) -> tuple[Any, float]:
        """Next parameters and the objective at the given ones."""
        ...

    @property
    def n_parameters(self) -> Callable[..., int]:
        """Number of free parameters, called with K and D."""
        ...


class StreamedModule(GeneratedModule, Protocol):
    """A generated module of an exponential family: what its updates need of the data are sums over rows."""

    def statistics(self, block: Array, parameters: Any, **knowns: Array) -> Any:
        """The sufficient statistics of a block of rows at these parameters, a named tuple of arrays."""
        ...

    def merge(self, a: Any, b: Any, **knowns: Array) -> Any:
        """The statistics of two blocks together. knowns: those that no single row has."""
        ...

    def update(self, statistics: Any, previous: Any = None, **knowns: Array) -> Any:
        """The parameters that maximise Q. knowns: those that no single row has."""
        ...
