"""The generated M-step against blind maximisation of Q with SciPy's densities, over all parameters at once."""

from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from tests.catalogue.example import SIZES, Array, Example, Problem, log_joint, m_step, mixture, module, problem
from tests.catalogue.examples import EXAMPLES
from tests.em.maximise import Chart

STARTS = 3
FOUND = 1e-5  # how near to the maximum the blind search has to come itself, relative, for the comparison to count
CASES = [(name, sizes) for name, example in EXAMPLES.items() if not example.latent for sizes in SIZES[:2]]


def q_of(example: Example, given: Problem, parameters: Any) -> float:
    """Q with SciPy's density."""
    with np.errstate(all="ignore"):
        joint = log_joint(example, given.X, parameters, given.knowns)
    return float(np.sum(given.responsibilities * joint))


def blind(example: Example, given: Problem, seed: int) -> float:
    """Return the largest Q that is found from random starts."""
    families = mixture(example.name).parameters
    code = module(example.name)
    sizes: dict[str, int] = {"K": given.responsibilities.shape[1]} | dict(
        zip(map(str, code.EVENT_SHAPE), given.X.shape[1:], strict=True)
    )
    for known, shape in code.KNOWNS.items():
        sizes |= dict(zip(map(str, shape), given.knowns[known].shape, strict=True))
    charts = [Chart(family, sizes) for family in families]
    ends = np.cumsum([chart.count for chart in charts])

    def cost(free: Array) -> float:
        parts = np.split(free, ends[:-1])
        with np.errstate(over="ignore"):  # a start may be far away
            members = [chart(part)[..., 0] for chart, part in zip(charts, parts, strict=True)]
        squeezed = [m[..., 0] if chart.family.shape.is_scalar else m for m, chart in zip(members, charts, strict=True)]
        values = {family.code: value for family, value in zip(families, squeezed, strict=True)}
        found = -q_of(example, given, code.Parameters(**values))
        return found if np.isfinite(found) else 1e30

    rng = np.random.default_rng(seed)
    starts = [rng.normal(scale=0.5, size=int(ends[-1])) for _ in range(STARTS)]
    return -min(minimize(cost, start, method="BFGS", options={"gtol": 1e-7}).fun for start in starts)


@pytest.mark.parametrize(("name", "sizes"), CASES)
def test_the_m_step_reaches_the_maximum_of_q(name: str, sizes: tuple[int, int, int]) -> None:
    example = EXAMPLES[name]
    given = problem(example, sizes, seed=3)
    reached, best = q_of(example, given, m_step(example, given)), blind(example, given, seed=4)
    assert reached >= best - example.gap * abs(best)
    assert best >= reached - FOUND * abs(reached)


def test_the_comparison_can_fail() -> None:
    """A rate that is a tenth of a percent off is noticed."""
    example = EXAMPLES["exponential"]
    given = problem(example, SIZES[0], seed=3)
    right = m_step(example, given)
    wrong = right._replace(rates=right.rates * 1.001)
    assert q_of(example, given, wrong) < q_of(example, given, right) * (1 + example.gap) - 1e-9
    assert q_of(example, given, wrong) < blind(example, given, seed=4) - example.gap
