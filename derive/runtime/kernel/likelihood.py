"""The log-likelihood, block by block: no array has a row for each sample."""

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from derive.runtime.kernel.arguments import known_of_samples
from derive.runtime.kernel.blocks import ranges

Array = NDArray[Any]
VALUES = 2**18  # of the data in a block, and of the log joint


def log_likelihood(module: Any, X: Array, parameters: Any, knowns: Mapping[str, Array], components: int) -> float:
    """Return the log-likelihood of all rows of X, in nats, by the module's own function."""
    size = max(VALUES // max(X[:1].size, components, 1), 1)
    if len(X) <= size:
        return float(module.log_likelihood(X, parameters, **knowns))
    of_samples = known_of_samples(module)
    parts = []
    for start, end in ranges(len(X), size):
        rows = {name: value[start:end] if name in of_samples else value for name, value in knowns.items()}
        parts.append(float(module.log_likelihood(X[start:end], parameters, **rows)))
    return sum(parts)
