"""The picture shows what it should, for every shape of covariances and for scalar data."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from matplotlib.patches import Ellipse

from derive.datasets import load_faithful
from derive.runtime.em import FitResult, fit
from derive.runtime.plot import figure, render
from tests.runtime.fakes import EXPONENTIAL, FULL, SPHERICAL


def _result(parameters: Any) -> FitResult:
    return FitResult(parameters, -10.0, 25.0, 3, 2, converged=True, history=(-30.0, -12.0, -10.0))


@pytest.mark.parametrize(("file_format", "magic"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_the_formats(file_format: str, magic: bytes) -> None:
    X = load_faithful()
    result = fit(FULL, X, 2, n_init=1)
    first, second = (render(FULL, X, result, ("a", "b"), file_format=file_format) for _ in range(2))
    assert first.startswith(magic)
    assert first == second


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        (("K", "D", "D"), [np.diag([4.0, 9.0]), np.diag([1.0, 1.0])]),
        (("D", "D"), np.diag([4.0, 9.0])),
        (("K", "D"), [[4.0, 9.0], [1.0, 1.0]]),
        (("K",), [4.0, 9.0]),
        (("D",), [4.0, 9.0]),
        ((), 4.0),
    ],
)
def test_ellipses_of_two_standard_deviations(shape: tuple[str, ...], value: Any) -> None:
    parameters = FULL.Parameters(np.array([0.5, 0.5]), np.array([[0.0, 0], [9.0, 9]]), np.array(value))
    module = dataclasses.replace(FULL, PARAMETER_SHAPES={**FULL.PARAMETER_SHAPES, "covariances": shape})
    # The density does not take these shapes; the labels do not matter to the ellipses.
    object.__setattr__(module, "density", lambda X, *_: np.zeros((len(X), 2)))
    picture = figure(module, load_faithful(), _result(parameters), ("a", "b"))
    ellipses = [patch for patch in picture.axes[0].patches if isinstance(patch, Ellipse)]
    expected = {(): (8, 8), ("K",): (8, 8)}.get(shape, (8, 12))
    assert len(ellipses) == 2
    assert sorted((ellipses[0].get_width(), ellipses[0].get_height())) == pytest.approx(expected)


def test_more_columns_show_the_pair_that_separates_best() -> None:
    rng = np.random.default_rng(0)
    cluster = np.repeat([0.0, 9.0], 50)
    X = np.column_stack([rng.normal(size=100), cluster + rng.normal(size=100), rng.normal(size=100), cluster * 1e-6])
    X[:, 3] += 1e-6 * rng.normal(size=100)
    picture = figure(SPHERICAL, X, fit(SPHERICAL, X, 2, n_init=1), ("p", "q", "r", "s"))
    assert (picture.axes[0].get_xlabel(), picture.axes[0].get_ylabel()) == ("q", "s")


def test_scalar_data_become_a_histogram_with_a_curve_a_component() -> None:
    rng = np.random.default_rng(0)
    X = np.concatenate([rng.exponential(1, 60), rng.exponential(30, 40)])
    picture = figure(EXPONENTIAL, X, fit(EXPONENTIAL, X, 2), ("1",))
    clusters, progress = picture.axes
    assert clusters.get_xlabel() == "column 1"
    legend = clusters.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["mixture", "0", "1"]
    assert len(progress.lines[0].get_xdata()) > 1  # type: ignore[arg-type]


def test_many_components_and_one_without_points_are_drawn() -> None:
    X = load_faithful()
    means = np.r_[X[:11], [[1e3, 1e3]]]
    parameters = SPHERICAL.Parameters(np.full(12, 1 / 12), means, np.ones(12))
    assert render(SPHERICAL, X, _result(parameters), ("a", "b")).startswith(b"\x89PNG")


def test_whole_numbers_do_not_hide_each_other() -> None:
    X = np.repeat(np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]]), 20, axis=0)
    parameters = FULL.m_step(X + 0.1, np.full((60, 2), 0.5))
    drawn = figure(FULL, X, _result(parameters), ["a", "b"]).axes[0]
    points = np.concatenate([np.asarray(part.get_offsets()) for part in drawn.collections])
    assert len(np.unique(points, axis=0)) == 60
    assert sorted(map(tuple, np.round(points))) == sorted(map(tuple, X))


def test_a_figure_looks_as_the_written_picture() -> None:
    X = np.random.default_rng(0).normal(size=(50, 2))
    drawn = figure(FULL, X, _result(FULL.m_step(X, np.full((50, 2), 0.5))), ["a", "b"]).axes[0]
    assert not drawn.spines["top"].get_visible()
