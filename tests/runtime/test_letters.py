"""A model's own letters for rows and components reach the runtime: everything is as with N and K."""

from typing import Any

import numpy as np
import pytest

from derive.em import derive_em
from derive.emission.module import render_module
from derive.language import Data, Index, Known, Parameter, Positive, Simplex, log
from derive.models import Mixture
from derive.runtime.em import FitResult, fit
from derive.runtime.load import load_source
from derive.runtime.passes import fit_online
from derive.runtime.plot import render
from derive.runtime.predict import predict
from derive.runtime.protocol import GeneratedModule, plates


def _module(rows: str, components: str) -> GeneratedModule:
    """Scalar Gaussians with a known precision of each row."""
    i, j = Index(rows.lower(), rows), Index(components.lower(), components)
    x, e = Data("x", i), Known("e", i, domain=Positive, code="precisions")
    mu, v = Parameter("mu", j, code="means"), Parameter("v", j, domain=Positive, code="variances")
    pi = Parameter("pi", j, domain=Simplex, code="weights")
    density = -log(v[j]) / 2 - e[i] * (x[i] - mu[j]) ** 2 / (2 * v[j])
    return load_source(render_module(derive_em(Mixture("letters", weights=pi, log_density=density))), "letters")


@pytest.fixture(scope="module")
def modules() -> tuple[GeneratedModule, GeneratedModule]:
    """With letters of its own, and with N and K."""
    return _module("I", "J"), _module("N", "K")


def _fits(module: GeneratedModule, X: np.ndarray[Any, Any], **knowns: Any) -> list[FitResult]:
    groups = np.arange(len(X)) // 2
    return [
        fit(module, X, 2, knowns=knowns),
        fit(module, X, 2, knowns=knowns, groups=groups),
        fit(module, X, 2, knowns=knowns, mode="hard"),
        fit_online(module, X, 2, knowns=knowns, block_size=30, passes=2),
    ]


def test_letters_are_only_letters(modules: tuple[GeneratedModule, GeneratedModule]) -> None:
    rng = np.random.default_rng(2)
    precisions = rng.uniform(0.5, 2, size=90)
    X = np.repeat(rng.integers(0, 2, size=45) * 8.0, 2) + rng.normal(size=90) / np.sqrt(precisions)
    own, usual = modules
    assert (plates(own), plates(usual)) == (("I", "J"), ("N", "K"))
    assert not hasattr(usual, "PLATES")
    for found, expected in zip(
        _fits(own, X, precisions=precisions), _fits(usual, X, precisions=precisions), strict=True
    ):
        assert found.log_likelihood == expected.log_likelihood
        assert (found.bic, found.n_parameters, found.objective) == (
            expected.bic,
            expected.n_parameters,
            expected.objective,
        )
    parameters, knowns = found.parameters, {"precisions": precisions}
    np.testing.assert_array_equal(
        predict(own, X, parameters, knowns=knowns).labels, predict(usual, X, parameters, knowns=knowns).labels
    )
    pictures = [render(module, X, found, ("x",), knowns=knowns) for module in modules]
    assert pictures[0] == pictures[1]


def test_a_lost_component_is_found_in_any_letters(modules: tuple[GeneratedModule, GeneratedModule]) -> None:
    X = np.array([1.0] * 20 + [5.0, 6.0, 7.5, 8.0])
    messages = []
    for module in modules:
        with pytest.raises(Exception, match="collapsed") as caught:
            fit(module, X, 2, knowns={"precisions": np.ones(24)})
        messages.append(str(caught.value))
    assert messages[0] == messages[1]
