"""What data a model takes, as scikit-learn's tags say it: found by offering the module some rows."""

from typing import Any

import numpy as np

from derive.runtime.protocol import GeneratedModule, plates

_ROWS, _COLUMNS = 12, 3


def declare(tags: Any, module: GeneratedModule) -> None:
    """Set the tags of an estimator of this module.

    Scalar data are one-dimensional. A model that refuses negative numbers takes positive ones only. Where rows of
    positive numbers are refused too (counts, categories, directions), or a row needs constants of its own, no tag says
    so: scikit-learn's checks with data of their own making do not apply.
    """
    scalar = not module.EVENT_SHAPE
    tags.input_tags.one_d_array = scalar
    tags.input_tags.two_d_array = not scalar
    taken = _taken(module)
    tags.input_tags.positive_only = taken == "positive"
    tags._skip_test = taken == "special"  # noqa: SLF001  scikit-learn's name for it


def _taken(module: GeneratedModule) -> str:
    """Which rows the M-step takes: "any", "positive", or "special" ones."""
    of_rows = any(plates(module)[0] in shape for shape in module.KNOWNS.values())
    if of_rows or len(module.EVENT_SHAPE) > 1 or any(isinstance(size, int) for size in module.EVENT_SHAPE):
        return "special"
    shape = (_ROWS, _COLUMNS) if module.EVENT_SHAPE else (_ROWS,)
    rows = np.random.default_rng(0).normal(size=shape)
    if _takes(module, rows):
        return "any"
    return "positive" if _takes(module, np.abs(rows) + 1) else "special"


def _takes(module: GeneratedModule, rows: Any) -> bool:
    constants = {name: np.ones([1] * len(shape)) for name, shape in module.KNOWNS.items()}
    try:
        with np.errstate(all="ignore"):
            module.m_step(rows, np.ones((_ROWS, 1)), **constants)
    except (ValueError, np.linalg.LinAlgError):
        return False
    return True
