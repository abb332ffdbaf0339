"""Sample weights for a model that does not know of them: tried on the module's own M-step before they are used."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import InputError
from derive.runtime.densities import taken
from derive.runtime.latent import Latent
from derive.runtime.problem import Problem

_AGREEMENT = 1e-6  # relative; an update that is iterated stops somewhere
_AGREEMENT_SINGLE = 1e-3  # of float32


def check_weightable(problem: Problem, responsibilities: NDArray[Any]) -> None:
    """Raise InputError unless the M-step takes a row of weight 2 as two rows; nothing where there are no weights.

    responsibilities: of the units, shape (G, K), at which it is tried. A prior refuses weights at once: they would have
    to be counts beside its own.
    """
    if problem.weights is None:
        return
    module = problem.module
    hint = f'give the model weights of its own, as by derive.load(...).weights("frequency") for {module.MODEL}'
    if hasattr(module, "log_prior"):
        raise InputError(f"{module.MODEL} has a prior, beside which sample weights are counts; {hint}")
    rows = problem.latent.rows(responsibilities)
    twice = np.arange(0, len(rows), 2)
    chosen = np.concatenate([np.arange(len(rows)), twice])
    once = replace(problem, latent=Latent(), weights=1.0 + (np.arange(len(rows)) % 2 == 0))
    written_out = Problem(module, problem.X[chosen], taken(module, problem.knowns, chosen))
    try:
        with np.errstate(all="ignore"):
            found, expected = once.m_step(rows), written_out.m_step(rows[chosen])
    except (ValueError, np.linalg.LinAlgError):
        return  # an M-step that fails is told of where EM starts
    tolerance = _AGREEMENT_SINGLE if problem.X.dtype == np.float32 else _AGREEMENT
    for name, value, right in zip(module.PARAMETER_SHAPES, found, expected, strict=True):
        scale = np.abs(right).max(initial=0.0)
        if not np.allclose(value, right, rtol=tolerance, atol=tolerance * scale, equal_nan=True):
            raise InputError(f"the M-step of {module.MODEL} for {name} does not weigh rows by responsibilities; {hint}")
