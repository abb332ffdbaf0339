"""Arrangements of arrays that differ harmlessly: how they may be given to a function, and how it may return them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from derive.checking.submitted.problem import Problem
from derive.language.family import Family

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Layout:
    """How arrays are given. Each is the usual one unless told: responsibilities (N, K), means (K, D), ...

    gamma: responsibilities as (K, N). last: components along the last axis of parameters. data: X as (D, N).
    columns: scalars of samples and components as columns, (N, 1) and (K, 1). dense: diagonal matrices in full.
    """

    gamma: bool = False
    last: bool = False
    data: bool = False
    columns: bool = False
    dense: bool = False

    @property
    def says(self) -> tuple[str, ...]:
        """What is unusual in it, in words."""
        words = {
            "gamma": "responsibilities are taken as (K, N)",
            "last": "parameters are taken with the components along the last axis",
            "data": "the data are taken as (D, N)",
            "columns": "numbers are taken as columns, of shape (N, 1) and (K, 1)",
            "dense": "diagonal matrices are taken in full",
        }
        return tuple(said for name, said in words.items() if getattr(self, name))


def layouts(problem: Problem) -> Iterator[Layout]:
    """All that make a difference for a model, the usual one first."""
    usual = Layout()
    yield usual
    yield replace(usual, gamma=True)
    families = problem.setting.families
    if problem.X.ndim == 1:
        yield replace(usual, columns=True)
        yield replace(usual, columns=True, gamma=True)
    dense = any(families[name].domain.structure in {"diagonal", "spherical"} for name in problem.setting.fields)
    if dense:
        yield replace(usual, dense=True)
    if problem.X.ndim == 2:
        yield replace(usual, last=True)
        yield replace(usual, last=True, gamma=True)
        yield replace(usual, data=True)
        yield replace(usual, data=True, last=True)
        yield replace(usual, data=True, last=True, gamma=True)


def arranged(problem: Problem, layout: Layout) -> dict[str, Array]:
    """The arrays of a problem by name in code, and X and responsibilities, in a layout."""
    setting = problem.setting
    gamma = problem.responsibilities
    given = {"responsibilities": gamma.T if layout.gamma else gamma}
    X = problem.X
    if X.ndim == 1:
        X = X[:, np.newaxis] if layout.columns else X
    given["X"] = X.T if layout.data and X.ndim == 2 else X
    given |= problem.knowns
    for name, value in (problem.previous or {}).items():
        family, array = setting.families[name], np.asarray(value)
        if layout.dense:
            array = _dense(problem, family, array)
        if layout.columns and array.ndim == 1 and name != setting.module.WEIGHTS:
            array = array[:, np.newaxis]
        if layout.last and array.ndim > 1 and family.indices:
            array = np.moveaxis(array, 0, -1)
        given[name] = array
    return {name: np.array(value, dtype=np.float64, order="C") for name, value in given.items()}


def _dense(problem: Problem, family: Family, array: Array) -> Array:
    structure = family.domain.structure
    if structure not in {"diagonal", "spherical"}:
        return array
    width = problem.sizes.get(family.shape.rows.name) or problem.X.shape[1]
    entries = array if structure == "diagonal" else np.repeat(array[..., np.newaxis], width, axis=-1)
    return np.asarray(entries[..., np.newaxis] * np.eye(width))


def readings(found: Array, problem: Problem, name: str, shape: tuple[int, ...]) -> Iterator[tuple[Array, str]]:
    """A returned array in the usual shape of what it may be, each with a notice: "" for the usual one itself."""
    if found.shape == shape:
        yield found, ""
        return
    short = found.reshape([side for side in found.shape if side != 1])
    if short.shape == shape:
        yield short, f"{name} has shape {_text(found)}; {_shape(shape)} is usual"
        return
    for order in permutations(range(short.ndim)):
        turned = short.transpose(order)
        if turned.shape == shape:
            yield turned, f"{name} is transposed: its shape is {_text(found)}; {_shape(shape)} is usual"
    family = problem.setting.families.get(name)
    if family is not None:
        yield from _structured(short, family, name, shape)
        if short.shape[1:] == shape and len(short) and np.allclose(short, short[:1], rtol=1e-12):
            yield short[0], f"{name} repeat what all components share"


def _structured(short: Array, family: Family, name: str, shape: tuple[int, ...]) -> Iterator[tuple[Array, str]]:
    """Diagonal matrices in full, and numbers for all coordinates that are one number."""
    structure = family.domain.structure
    if structure in {"diagonal", "spherical"} and short.ndim >= 2 and short.shape[-1] == short.shape[-2]:
        entries = np.diagonal(short, axis1=-2, axis2=-1)
        if np.allclose(short, entries[..., np.newaxis] * np.eye(short.shape[-1]), atol=1e-12):
            if structure == "diagonal" and entries.shape == shape:
                yield entries, f"{name} are given as full matrices"
            elif entries.shape[:-1] == shape and np.allclose(entries, entries[..., :1]):
                yield entries[..., 0], f"{name} are given as full matrices"
    if structure == "spherical" and short.ndim and short.shape[:-1] == shape and np.allclose(short, short[..., :1]):
        yield short[..., 0], f"{name} repeat one number for each coordinate"


def _text(array: Array) -> str:
    return _shape(array.shape)


def _shape(shape: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
