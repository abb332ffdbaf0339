"""Models in no catalogue: the M-step of each reaches the largest Q that a blind search finds, or it is refused.

The files are written with the words of the README alone; whatever density they hold is known here by SciPy only.
"""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from derive.em import derive_em
from derive.emission.module import render_module
from derive.errors import DeriveError
from derive.models.load import load_model
from derive.models.mixture import Mixture
from derive.runtime.load import load_source
from derive.runtime.protocol import GeneratedModule
from tests.em.maximise import Chart
from tests.models.user_file import REFUSED, RIGHT, Array, UserFile

FILES = Path(__file__).parents[1] / "user_files"
SWEEPS = 400  # of coordinate updates, each from the values before it, with the same responsibilities
SIZES = {"mirrored_means": (29, 2)}  # two components, one on each side


@cache
def built(name: str) -> tuple[Mixture, GeneratedModule]:
    model = load_model(str(FILES / f"{name}.py"))
    return model, load_source(render_module(derive_em(model)), name)


def problem(file: UserFile, name: str, seed: int) -> tuple[Array, dict[str, Array], Array]:
    """Data, known constants and unequal responsibilities."""
    rng = np.random.default_rng(seed)
    samples, components = SIZES.get(name, (29, 3))
    X, knowns = file.data(rng, samples), file.knowns(rng, samples, components)
    weights = rng.dirichlet(rng.uniform(0.5, 2.0, components), size=samples)
    if name == "zero_inflated_poisson":  # what is not zero is no member of the last component
        weights[X > 0, -1] = 0
    return X, knowns, weights / weights.sum(axis=1, keepdims=True)


def objective(file: UserFile, X: Array, knowns: dict[str, Array], weights: Array, parameters: Any) -> float:
    """Q by SciPy's density."""
    with np.errstate(all="ignore"):
        joint = np.log(parameters.pi) + file.log_density(X, parameters, knowns)
        return float(np.sum(np.where(weights > 0, weights * joint, 0)))


def test_every_file_is_known() -> None:
    assert {path.stem for path in FILES.glob("*.py")} == set(RIGHT) | set(REFUSED)


@pytest.mark.parametrize("name", RIGHT)
def test_the_m_step_reaches_what_a_blind_search_finds(name: str) -> None:
    (model, module), file = built(name), RIGHT[name]
    X, knowns, weights = problem(file, name, seed=5)
    found, reached = None, [-np.inf]
    for _ in range(SWEEPS):
        found = module.m_step(X, weights, found, **knowns)
        reached.append(objective(file, X, knowns, weights, found))
        assert reached[-1] >= reached[-2] - 1e-10 * abs(reached[-1]), "Q fell"
        if reached[-1] == reached[-2]:
            break
    columns = weights.shape[1]
    sizes = {"N": len(X), "K": columns - len(model.others), "K + 1": columns}
    charts = [Chart(family, sizes) for family in model.parameters]
    ends = np.cumsum([chart.count for chart in charts])

    def cost(free: Array) -> float:
        with np.errstate(over="ignore"):
            parts = [chart(part)[..., 0, 0] for chart, part in zip(charts, np.split(free, ends[:-1]), strict=True)]
        named = {family.code: part for family, part in zip(model.parameters, parts, strict=True)}
        value = -objective(file, X, knowns, weights, module.Parameters(**named))
        return value if np.isfinite(value) else 1e30

    rng = np.random.default_rng(6)
    method: Any = "Nelder-Mead" if name in {"uniform", "laplace_scale"} else "BFGS"
    starts = [rng.normal(3.0 if name == "uniform" else 1.5, 0.5, size=int(ends[-1])) for _ in range(3)]
    best = max(-minimize(cost, start, method=method, options={"maxiter": 4000}).fun for start in starts)
    assert reached[-1] >= best - 1e-8 * abs(best)
    assert best >= reached[-1] - 2e-3 * abs(reached[-1]), "the search is too blind to be compared with"


@pytest.mark.parametrize("name", RIGHT)
def test_em_never_lowers_the_objective(name: str) -> None:
    (_, module), file = built(name), RIGHT[name]
    X, knowns, weights = problem(file, name, seed=7)
    parameters = module.m_step(X, weights, **knowns)
    values = []
    for _ in range(12):
        parameters, value = module.em_step(X, parameters, **knowns)
        values.append(value)
    assert np.all(np.diff(values) >= -1e-10 * np.abs(values[1:]))
    with np.errstate(all="ignore"):
        joint = np.log(parameters.pi) + file.log_density(X, parameters, knowns)
    assert np.isclose(module.objective(X, parameters, **knowns), np.logaddexp.reduce(joint, axis=1).sum(), rtol=1e-10)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_shown_is_refused_with_its_reason(name: str) -> None:
    with pytest.raises(DeriveError, match=REFUSED[name]):
        built(name)


@pytest.mark.parametrize("samples", [1, 5])
def test_where_q_has_no_maximum_the_end_that_it_rises_to_is_named(samples: int) -> None:
    _, module = built("gamma_scale")
    with pytest.raises(ValueError, match=r"a\[0\] has no finite maximum: Q keeps rising as it goes to inf"):
        module.m_step(np.full(samples, 3.2), np.ones((samples, 1)))
