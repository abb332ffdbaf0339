"""The result of a trial as plain values, for JSON and for tables."""

import math
from typing import Any

import numpy as np

from derive.checking.submitted.outcome import Outcome
from derive.checking.submitted.trial import Trial


def plain(trial: Trial) -> dict[str, Any]:
    """All of a trial in dictionaries, lists, numbers and text; a value that is not finite is None."""
    return {
        "model": trial.model,
        "m_step": trial.m_step,
        "passed": trial.passed,
        "verdict": str(trial.verdict),
        "coordinate_wise": trial.coordinate_wise,
        "latent": trial.latent,
        "checks": [{"name": one.name, "passed": one.passed, "detail": one.detail} for one in trial.checks],
        "counter_example": None if trial.example is None else _example(trial.example),
    }


def _example(example: Outcome) -> dict[str, Any]:
    problem = example.problem
    return {
        "problem": problem.name,
        "sizes": problem.sizes,
        "fault": example.fault or None,
        "X": _values(problem.X),
        "responsibilities": _values(problem.responsibilities),
        "previous": None if problem.previous is None else _all(problem.previous),
        "knowns": _all(problem.knowns),
        "submitted": None if example.found is None else _all(example.found),
        "right": _all(example.right),
        "q_submitted": _number(example.q_found),
        "q_right": _number(example.q_right),
        "q_previous": _number(example.q_previous),
        "shortfall": _number(example.lack),
        "off": [
            {"parameter": one.parameter, "component": one.component, "gain": _number(one.gain), "factor": one.factor}
            for one in example.off
        ],
        "exchanged": None if example.exchanged is None else list(example.exchanged),
        "order": None if example.order is None else list(example.order),
    }


def _all(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _values(value) for name, value in values.items()}


def _values(value: Any) -> Any:  # noqa: ANN401 - a number or nested lists of them
    array = np.asarray(value, dtype=np.float64)
    return _number(float(array)) if array.ndim == 0 else [_values(row) for row in array]


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
