"""The centred strategy: statistics of blocks about the parameters at hand, by the module's own functions, merged.

Data enter by their differences from the parameters, so that nothing large cancels.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.runtime.kernel.blocks import block_size, odd_multiple
from derive.runtime.kernel.sums import split
from derive.runtime.kernel.threads import run_all

Array = NDArray[Any]
ROWS_A_COLUMN = 10  # matrices are factored once a block: a block has many more rows than they have
MOST = 2_624  # whose differences and whitened rows still take a few megabytes only


def centred_statistics(
    module: Any,
    X: Array,
    parameters: Any,
    components: int,
    knowns: Mapping[str, Array],
    of_samples: frozenset[str],
    threads: int,
) -> Any:
    """Return the statistics of the rows of X. of_samples: the names of the known constants that belong to rows."""
    width = max(X[:1].size, 1)
    size = max(block_size(3 * width, 3 * components, X.dtype.itemsize), odd_multiple(min(ROWS_A_COLUMN * width, MOST)))
    shares = split(len(X), size, threads)
    tasks = [partial(_merged, module, X, parameters, knowns, of_samples, places) for places in shares]
    first, *others = run_all(tasks)
    for other in others:
        first = module.merge(first, other)
    return first


def _merged(
    module: Any,
    X: Array,
    parameters: Any,
    knowns: Mapping[str, Array],
    of_samples: frozenset[str],
    places: list[tuple[int, int]],
) -> Any:
    total: Any = None
    for start, end in places:
        rows = {name: value[start:end] if name in of_samples else value for name, value in knowns.items()}
        with np.errstate(all="ignore"):
            found = module.statistics(X[start:end], parameters, **rows)
        found = type(found)(*(np.asarray(value, dtype=np.float64) for value in found))
        total = found if total is None else module.merge(total, found)
    return total
