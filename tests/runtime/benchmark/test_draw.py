"""Every model of the catalogue gets data that it accepts; what cannot be drawn is refused in words."""

from types import SimpleNamespace

import numpy as np
import pytest

from derive.errors import InputError
from derive.runtime.benchmark.draw import KINDS, drawn
from derive.runtime.benchmark.gaussians import as_gaussians
from derive.runtime.benchmark.problem import from_data
from derive.runtime.load import generated_names, load_generated


@pytest.mark.parametrize("name", generated_names())
def test_a_problem_of_the_size_asked_for(name: str) -> None:
    module = load_generated(name)
    N, D, K = 157, 4 if module.EVENT_SHAPE else 1, 3
    problem = drawn(module, (N, D, K))
    assert problem.size == (N, D, K)
    assert len(np.unique(problem.X)) > 1
    found, value = module.em_step(problem.X, problem.parameters, **problem.knowns)
    assert np.isfinite(value)
    assert all(np.isfinite(one).all() for one in found)


def test_one_seed_gives_one_problem() -> None:
    module = load_generated("gaussian-full")
    one, same, other = (drawn(module, (50, 3, 2), seed).X for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_scalar_models_have_one_column() -> None:
    with pytest.raises(InputError, match=r"single numbers: D is 1, not 3; try --case 100,1,2"):
        drawn(load_generated("poisson"), (100, 3, 2))


def test_a_model_that_takes_nothing_is_refused() -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ValueError("no")

    module = SimpleNamespace(MODEL="odd", EVENT_SHAPE=("D",), PARAMETER_SHAPES={}, KNOWNS={}, m_step=refuse)
    with pytest.raises(InputError, match=r"no random data were found that odd accepts; .*--data FILE"):
        drawn(module, (100, 3, 2))


def test_rows_that_are_matrices_are_refused() -> None:
    module = SimpleNamespace(MODEL="odd", EVENT_SHAPE=("D", "D"), KNOWNS={})
    with pytest.raises(InputError, match="--data FILE"):
        drawn(module, (100, 3, 2))


def test_data_of_a_file_are_refused_where_the_model_cannot_start_from_them() -> None:
    with pytest.raises(InputError, match=r"poisson cannot start from these data: .*whole numbers"):
        from_data(load_generated("poisson"), np.linspace(0.1, 9, 50), 2, {"exposures": np.ones(50)}, "file")


@pytest.mark.parametrize(
    ("name", "structure"),
    [
        ("gaussian-full", "full"),
        ("gaussian-tied", "tied"),
        ("gaussian-diagonal", "diagonal"),
        ("gaussian-spherical", "spherical"),
        ("gaussian-1d", "spherical"),
        ("student-t", None),
        ("von-mises-fisher", None),
        ("gamma", None),
        ("gumbel", None),
        ("log-normal", None),
    ],
)
def test_gaussians_are_known_by_their_density(name: str, structure: str | None) -> None:
    module = load_generated(name)
    found = as_gaussians(drawn(module, (90, 4 if module.EVENT_SHAPE else 1, 3)))
    assert (found and found.structure) == structure


def test_another_density_with_the_same_shapes_is_no_gaussian() -> None:
    problem = drawn(load_generated("gaussian-full"), (90, 4, 3))
    names = ("MODEL", "EVENT_SHAPE", "PARAMETER_SHAPES", "KNOWNS")
    parts = {name: getattr(problem.module, name) for name in names}
    wider = SimpleNamespace(
        **parts, log_joint=lambda X, p: problem.module.log_joint(X, p._replace(means=p.means + 1e-4))
    )
    assert as_gaussians(type(problem)(problem.module, problem.X, problem.parameters, "")) is not None
    assert as_gaussians(type(problem)(wider, problem.X, problem.parameters, "")) is None


def test_kinds_are_of_their_domains() -> None:
    rng = np.random.default_rng(5)
    real = 3 * rng.normal(size=(200, 4))
    data = {kind: make(real, rng) for kind, make in KINDS.items()}
    assert np.allclose(np.linalg.norm(data["unit vectors"], axis=1), 1)
    assert np.allclose(data["proportions"].sum(axis=1), 1)
    assert (data["positive numbers"] > 0).all()
    assert (data["numbers above 1"] > 1).all()
    assert set(np.unique(data["zeros and ones"])) == {0, 1}
    assert set(data["counts with one total"].sum(axis=1)) == {20}
    assert set(data["one-hot rows"].sum(axis=1)) == {1}
    assert data["whole numbers from 1"].min() >= 1
