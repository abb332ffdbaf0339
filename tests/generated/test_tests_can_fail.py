"""The comparison with the baseline refuses wrong code: faults planted into the baseline itself, one at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.baseline_em import BASELINE
from tests.generated.comparison import CHECKS, check_em_step, check_log_joint, check_log_likelihood, check_m_step
from tests.generated.problems import NAMES, random_problem, size_of

Fault = Callable[[SimpleNamespace, Any], None]


def _as_module(name: str) -> SimpleNamespace:
    """A copy of the baseline, in which every function can be replaced, and the others then use the replacement."""
    baseline = BASELINE[name]
    copy = SimpleNamespace(name=name, Parameters=baseline.Parameters, n_parameters=baseline.n_parameters)
    copy.log_joint, copy.m_step = baseline.log_joint, baseline.m_step

    def e_step(X: Any, parameters: Any) -> Any:
        joint = copy.log_joint(X, parameters)
        return np.exp(joint - np.logaddexp.reduce(joint, axis=1, keepdims=True))

    def log_likelihood(X: Any, parameters: Any) -> float:
        return float(np.logaddexp.reduce(copy.log_joint(X, parameters), axis=1).sum())

    def em_step(X: Any, parameters: Any) -> Any:
        return copy.m_step(X, copy.e_step(X, parameters), parameters), copy.log_likelihood(X, parameters)

    copy.e_step, copy.log_likelihood, copy.em_step = e_step, log_likelihood, em_step
    return copy


def _replace_m_step(change: Callable[[Any, Any, Any], Any]) -> Fault:
    def plant(copy: SimpleNamespace, baseline: Any) -> None:
        copy.m_step = lambda X, responsibilities, previous=None: change(
            X, responsibilities, baseline.m_step(X, responsibilities)
        )

    return plant


def _replace_log_joint(change: Callable[[Any, Any, Any], Any]) -> Fault:
    def plant(copy: SimpleNamespace, baseline: Any) -> None:
        copy.log_joint = lambda X, parameters: change(X, parameters, baseline.log_joint(X, parameters))

    return plant


def _scale(parameters: Any, position: int, factor: Any) -> Any:
    changed = list(parameters)
    changed[position] = np.asarray(parameters[position]) * factor
    return type(parameters)(*changed)


def _by_count(counts: Any, value: Any) -> Any:
    """Counts in a shape that multiplies `value` component by component; their mean where there is one for all."""
    if value.shape[0] != len(counts):
        return counts.mean()
    return counts.reshape(-1, *[1] * (value.ndim - 1))


def _counts_less_one(X: Any, responsibilities: Any, parameters: Any) -> Any:
    del X
    counts = _by_count(responsibilities.sum(axis=0), parameters[2])
    return _scale(parameters, 2, counts / (counts - 1))


def _all_points_for_counts(X: Any, responsibilities: Any, parameters: Any) -> Any:
    return _scale(parameters, 1, _by_count(responsibilities.sum(axis=0), parameters[1]) / len(X))


def _around_the_origin(X: Any, responsibilities: Any, parameters: Any) -> Any:
    """As if the mean had not been subtracted: the spread grows with the square of the means."""
    del X, responsibilities
    return _scale(parameters, 2, 1 + np.mean(parameters[1] ** 2))


def _late_log_likelihood(copy: SimpleNamespace, baseline: Any) -> None:
    def em_step(X: Any, parameters: Any) -> Any:
        new, _ = baseline.em_step(X, parameters)
        return new, baseline.log_likelihood(X, new)

    copy.em_step = em_step


def _one_iteration_behind(copy: SimpleNamespace, baseline: Any) -> None:
    copy.em_step = lambda X, parameters: (copy.Parameters(*parameters), baseline.log_likelihood(X, parameters))


def _sharpened(copy: SimpleNamespace, baseline: Any) -> None:
    def e_step(X: Any, parameters: Any) -> Any:
        sharp = baseline.e_step(X, parameters) ** 2
        return sharp / sharp.sum(axis=1, keepdims=True)

    copy.e_step = e_step


def _columns_for_rows(copy: SimpleNamespace, baseline: Any) -> None:
    def e_step(X: Any, parameters: Any) -> Any:
        joint = np.exp(baseline.log_joint(X, parameters))
        return joint / joint.sum(axis=0)

    copy.e_step = e_step


@dataclass(frozen=True)
class Planted:
    """A fault, and the checks that must refuse it (others may)."""

    plant: Fault
    refused_by: tuple[Callable[..., None], ...]


def _last_moved(value: Any) -> Any:
    """A change of 1e-9 in a single entry: just above the tolerance."""
    changed = value.copy()
    changed.flat[np.abs(changed).argmax()] *= 1 + 1e-9
    return changed


FAULTS: dict[str, Planted] = {
    "N_k - 1 for N_k in the spread": Planted(_replace_m_step(_counts_less_one), (check_m_step, check_em_step)),
    "N for N_k in the means": Planted(_replace_m_step(_all_points_for_counts), (check_m_step, check_em_step)),
    "weights swapped": Planted(
        _replace_m_step(lambda X, r, p: p._replace(weights=p.weights[::-1])), (check_m_step, check_em_step)
    ),
    "weights not normalised": Planted(
        _replace_m_step(lambda X, r, p: _scale(p, 0, len(X))), (check_m_step, check_em_step)
    ),
    "equal weights": Planted(
        _replace_m_step(lambda X, r, p: p._replace(weights=np.full_like(p.weights, 1 / len(p.weights)))),
        (check_m_step, check_em_step),
    ),
    "components in another order": Planted(
        _replace_m_step(lambda X, r, p: type(p)(p[0], p[1][::-1], p[2])), (check_m_step, check_em_step)
    ),
    "forgotten factor 1/2 in the spread": Planted(
        _replace_m_step(lambda X, r, p: _scale(p, 2, 2)), (check_m_step, check_em_step)
    ),
    "standard deviation for variance": Planted(
        _replace_m_step(lambda X, r, p: _scale(p, 2, 1 / np.sqrt(np.abs(p[2]).max()))), (check_m_step,)
    ),
    "spread around the origin": Planted(_replace_m_step(_around_the_origin), (check_m_step, check_em_step)),
    "a regularisation of 1e-6": Planted(
        _replace_m_step(lambda X, r, p: type(p)(p[0], p[1], p[2] + 1e-6)), (check_m_step, check_em_step)
    ),
    "one entry off by 1e-9": Planted(
        _replace_m_step(lambda X, r, p: type(p)(p[0], _last_moved(p[1]), p[2])), (check_m_step, check_em_step)
    ),
    "an extra axis": Planted(
        _replace_m_step(lambda X, r, p: type(p)(p[0], p[1][np.newaxis], p[2])), (check_m_step, check_em_step)
    ),
    "single precision inside": Planted(
        _replace_m_step(lambda X, r, p: type(p)(*[v.astype(np.float32).astype(np.float64) for v in p])), (check_m_step,)
    ),
    "forgotten constant log 2 pi": Planted(
        _replace_log_joint(lambda X, p, joint: joint + np.log(2 * np.pi) / 2),
        (check_log_joint, check_log_likelihood, check_em_step),
    ),
    "forgotten factor 1/2 in the density": Planted(_replace_log_joint(lambda X, p, joint: 2 * joint), CHECKS[:2]),
    "forgotten weights": Planted(_replace_log_joint(lambda X, p, joint: joint - np.log(p.weights)), CHECKS[:2]),
    "determinant counted twice": Planted(
        _replace_log_joint(lambda X, p, joint: joint - np.log(np.abs(p[2]).max()) / 2 - 0.1), (check_log_joint,)
    ),
    "log-likelihood after the step": Planted(_late_log_likelihood, (check_em_step,)),
    "parameters not updated": Planted(_one_iteration_behind, (check_em_step,)),
    "responsibilities sharpened": Planted(_sharpened, (CHECKS[1], check_em_step)),
    "responsibilities normalised over points": Planted(_columns_for_rows, (CHECKS[1], check_em_step)),
}


@pytest.mark.parametrize("name", NAMES)
def test_the_copy_without_a_fault_passes(name: str) -> None:
    for check in CHECKS:
        check(_as_module(name), random_problem(name, *size_of(name), seed=5))


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", NAMES)
def test_fault_is_refused(name: str, fault: str) -> None:
    copy = _as_module(name)
    FAULTS[fault].plant(copy, BASELINE[name])
    for check in FAULTS[fault].refused_by:
        with pytest.raises(AssertionError):
            check(copy, random_problem(name, *size_of(name), seed=5))


@pytest.mark.parametrize("name", NAMES)
def test_double_precision_from_single_is_refused(name: str) -> None:
    """A module that answers float32 data in float64 breaks the interface even where its numbers are right."""
    copy = _as_module(name)
    copy.m_step = lambda X, responsibilities: BASELINE[name].m_step(X.astype(np.float64), responsibilities)
    with pytest.raises(AssertionError):
        check_m_step(copy, random_problem(name, *size_of(name), seed=5).astype(np.float32), tolerance=1.0)


@pytest.mark.parametrize("name", NAMES)
def test_wrong_count_of_parameters_is_refused(name: str) -> None:
    copy = _as_module(name)
    copy.n_parameters = lambda K, D=1: BASELINE[name].n_parameters(K, D) + 1
    with pytest.raises(AssertionError):
        CHECKS[-1](copy, random_problem(name, *size_of(name), seed=5))
