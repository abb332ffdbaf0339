"""The whitened strategy, driven: a module's statistics about the locations of its components."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.runtime.kernel.arguments import in_double, middle, own_weights, taken
from derive.runtime.kernel.buffers import Pool, WhitenedBuffers
from derive.runtime.kernel.cancellation import TOLERANCE
from derive.runtime.kernel.featured import Held
from derive.runtime.kernel.posterior import is_above_floor
from derive.runtime.kernel.quadratic import Quadratic, block_shape, whitened_sums
from derive.runtime.kernel.sums import split, together
from derive.runtime.kernel.threads import run_all

Array = NDArray[Any]


class ByWhitening:
    """Computes the statistics of a module whose log joint is quadratic in the sample; keeps buffers between calls."""

    def __init__(self, module: Any, threads: int, *, watchful: bool) -> None:
        """watchful: whether to give up where rounding might do harm."""
        self.module, self.threads, self.watchful = module, threads, watchful
        self._pool = Pool[WhitenedBuffers]()

    def release(self) -> None:
        """Let go of the buffers."""
        self._pool.clear()

    def statistics(self, X: Array, parameters: Any, constants: Mapping[str, Array], held: Held | None) -> Any:
        """Return the sufficient statistics; None where rounding might do harm. held: of no use here."""
        del held
        module, dtype = self.module, X.dtype
        origin = middle(parameters, module, dtype)
        places = np.asarray(getattr(parameters, module.LOCATION), np.float64)
        moved = module.shifted(in_double(parameters), places)
        natural = module.natural_parameters(moved, **taken(module.natural_parameters, constants))
        centres = np.broadcast_to(places - origin, (len(natural), *X.shape[1:]))
        try:
            quadratic = Quadratic.of(natural, centres, dtype)
        except np.linalg.LinAlgError:
            return None
        panel, size = block_shape(len(natural), X.shape[1], dtype)
        key = (len(natural), X.shape[1], panel, size, dtype)
        shares = split(len(X), size, self.threads)
        own = self._pool.take(key, len(shares), lambda: WhitenedBuffers(*key))
        weights = own_weights(module, constants, dtype)
        tasks = [
            partial(whitened_sums, buffers, quadratic, X, origin.astype(dtype), share, weights)
            for buffers, share in zip(own, shares, strict=False)
        ]
        found = together(run_all(tasks))
        self._pool.give(own)
        if not is_above_floor(found.totals[0], dtype):
            return None
        if self.watchful and not (
            found.are_finite and quadratic.rounding(found.lowest, found.highest, dtype) <= TOLERANCE[dtype.name]
        ):
            return None
        given = taken(module.gather, constants)
        return module.gather(found.totals, np.zeros(0), found.log_likelihood, parameters, places, **given)
