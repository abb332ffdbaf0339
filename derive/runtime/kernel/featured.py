"""The strategy by features: natural parameters times features, and features times responsibilities."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.runtime.kernel.arguments import in_double, known_of_samples, middle, own_weights, taken
from derive.runtime.kernel.blocks import block_size
from derive.runtime.kernel.buffers import FeatureBuffers, Pool
from derive.runtime.kernel.cancellation import TOLERANCE, error_bound, largest_products
from derive.runtime.kernel.posterior import is_above_floor
from derive.runtime.kernel.sums import Sums, split, sums_over, together
from derive.runtime.kernel.threads import run_all

Array = NDArray[Any]
SAMPLED = 4096  # rows whose mean tells where data lie


@dataclass(eq=False)
class Held:
    """Data that do not change.

    found: an origin, and the sums of shared features about it, once they are known. warned: whether a warning has been
    given that digits are lost.
    """

    X: Array
    found: tuple[Array, Array] | None = None
    warned: bool = False


class ByFeatures:
    """Computes a module's statistics by its features; keeps buffers between calls."""

    def __init__(self, module: Any, threads: int, *, watchful: bool) -> None:
        """watchful: whether to give up where rounding might do harm."""
        self.module, self.threads, self.watchful = module, threads, watchful
        self._of_samples = known_of_samples(module)
        self._pool = Pool[FeatureBuffers]()

    def release(self) -> None:
        """Let go of the buffers."""
        self._pool.clear()

    def statistics(self, X: Array, parameters: Any, constants: Mapping[str, Array], held: Held | None) -> Any:
        """Return the sufficient statistics; None where rounding might do harm.

        held: what is known of X, where it does not change: what no parameter enters is kept there.
        """
        module, dtype = self.module, X.dtype
        held = held if hasattr(module, "shared_statistics") else None  # else there is nothing to keep
        known = held.found if held else None
        location = getattr(module, "LOCATION", "")
        origin = np.zeros(X.shape[1:])
        if location and held:  # by the data, not by the first parameters: a fit that is taken up again finds the same
            origin = _middle_of_data(X) if known is None else known[0]
        elif location:
            origin = middle(parameters, module, dtype)
        moved = module.shifted(in_double(parameters), origin) if location else in_double(parameters)
        natural = module.natural_parameters(moved, **taken(module.natural_parameters, constants))
        if not np.isfinite(natural).all():
            return None
        rows = {name: np.asarray(constants[name], dtype) for name in self._of_samples & constants.keys()}
        of_all = {name: value for name, value in constants.items() if name not in rows}
        fill = partial(module.features, **taken(module.features, of_all))
        rows = taken(module.features, rows)
        weights = own_weights(module, constants, dtype)
        found = self._pass(fill, X, natural.astype(dtype), origin.astype(dtype) if location else None, rows, weights)
        if not is_above_floor(found.totals[0], dtype):
            return None
        if self.watchful and not _is_safe(fill, natural, found, dtype, located=bool(location) and not rows):
            return None
        shared = self._shared_sums(X, origin, constants) if known is None else known[1]
        if held:
            held.found = origin, shared  # both at once: sums about one origin are wrong beside another
        likelihood = found.log_likelihood
        if len(shared):
            given = taken(module.shared_parameters, constants)
            likelihood += float(shared @ module.shared_parameters(moved, **given))
        return module.gather(found.totals, shared, likelihood, parameters, origin, **taken(module.gather, constants))

    def _pass(
        self,
        fill: Callable[..., None],
        X: Array,
        natural: Array,
        origin: Array | None,
        knowns: Mapping[str, Array],
        weights: Array | None,
    ) -> Sums:
        components, features = natural.shape
        size = block_size(features, components, X.dtype.itemsize)
        event, key = X.shape[1:], (features, components, X.shape[1:], size, X.dtype)
        shares = split(len(X), size, self.threads)
        own = self._pool.take(key, len(shares), lambda: FeatureBuffers(features, components, event, size, X.dtype))
        column = None if origin is None else origin[..., np.newaxis]
        tasks = [
            partial(sums_over, buffers, fill, X, natural, column, places, knowns, weights)
            for buffers, places in zip(own, shares, strict=False)
        ]
        found = together(run_all(tasks))
        self._pool.give(own)
        return found

    def _shared_sums(self, X: Array, origin: Array, constants: Mapping[str, Array]) -> Array:
        """The sums of shared features, which no parameter enters."""
        if not hasattr(self.module, "shared_statistics"):
            return np.zeros(0)
        used = taken(self.module.shared_statistics, constants)
        size = block_size(X[:1].size, 1, X.dtype.itemsize)
        moved = origin.astype(X.dtype) if origin.any() else None

        def of_blocks(places: list[tuple[int, int]]) -> Array:
            total: Any = 0.0
            for start, end in places:
                block = X[start:end] if moved is None else X[start:end] - moved
                rows = {name: value[start:end] if name in self._of_samples else value for name, value in used.items()}
                total = total + self.module.shared_statistics(block, **rows).astype(np.float64)
            return np.asarray(total)

        parts = run_all([partial(of_blocks, places) for places in split(len(X), size, self.threads)])
        return np.asarray(sum(parts[1:], parts[0]))


def _middle_of_data(X: Array) -> Array:
    """The mean of some rows, rounded as the data are."""
    rows = X[:: max(len(X) // SAMPLED, 1)]
    return np.asarray(np.mean(rows, axis=0, dtype=np.float64), X.dtype).astype(np.float64)


def _is_safe(fill: Callable[..., None], natural: Array, found: Sums, dtype: Any, *, located: bool) -> bool:
    """Whether rounding moves no log joint by more than is tolerated."""
    if not found.are_finite:
        return False
    if located:
        largest = largest_products(fill, found.lowest, found.highest, natural.shape[1])
    else:
        largest = np.maximum(np.abs(found.lowest), np.abs(found.highest))
    return error_bound(natural, largest, dtype) <= TOLERANCE[np.dtype(dtype).name]
