"""Which returned array is what: by labels, by the names in the return statement, by shapes; and how it compares."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from derive.checking.implementations.layouts import readings
from derive.checking.implementations.vocabulary import Vocabulary
from derive.checking.sandbox.session import Returned
from derive.checking.submitted.problem import Arrays, Problem

Array = NDArray[np.float64]
RIGHT, NOTICE, WRONG, ABSENT = "right", "notice", "wrong", "absent"
EXACT, CLOSE, RIDGE = 1e-7, 1e-5, 1.001e-3  # relative to the largest entry; the last absolute, on a diagonal
_MOST = 10  # arrays that are looked at


@dataclass(frozen=True)
class Read:
    """One expected array as it was returned. value: in the usual layout, None if nothing fits. raw: as it came."""

    state: str
    value: Array | None
    raw: Array | None
    notices: tuple[tuple[str, str], ...] = ()


Places = dict[str, int | None]  # which returned array each expected one is


def compared(found: Array, right: Array, name: str, *, matrices: bool, positive: bool) -> tuple[str, str, str]:
    """How an array of the right shape compares: its state, and the name and text of a notice."""
    scale = max(float(np.abs(right).max(initial=0.0)), 1e-300)
    with np.errstate(all="ignore"):
        off = np.abs(found - right).max(initial=0.0) / scale
    if off <= EXACT:
        return RIGHT, "", ""
    if not np.isfinite(found).all():
        return WRONG, "", ""
    if off <= CLOSE:
        return (
            NOTICE,
            "nearly",
            f"{name} are off by {off:.0e} relative, as by a small constant that was added somewhere",
        )
    if matrices and found.shape[-1] == found.shape[-2]:
        ridge = np.diagonal(found - right, axis1=-2, axis2=-1)
        rest = found - right - ridge[..., np.newaxis] * np.eye(found.shape[-1])
        if np.abs(rest).max() <= EXACT * scale and _constant(ridge, scale):
            return NOTICE, "ridge", f"{float(ridge.mean()):.1g} is added to the diagonal of the {name}"
    elif positive and _constant(found - right, scale):
        return NOTICE, "ridge", f"{float((found - right).mean()):.1g} is added to the {name}"
    return WRONG, "", ""


def _constant(shift: Array, scale: float) -> bool:
    return bool(shift.min() > 0 and shift.max() <= RIDGE and np.ptp(shift) <= EXACT * scale)


def locate(
    returned: Returned, problem: Problem, right: Arrays, words: Vocabulary, names: tuple[str, ...]
) -> tuple[Places, dict[str, Read]]:
    """Find each expected array among the returned ones. names: in the return statement, where it has so many."""
    arrays = returned.arrays[:_MOST]
    labels = list(returned.labels[:_MOST])
    told = [bool(label) for label in labels]
    if len(names) == len(returned.arrays):
        labels = [label or names[i] for i, label in enumerate(labels)]
    meant = [words.parameter(label) if label else None for label in labels]
    if len(right) == 1 and len(arrays) == 1:
        meant, told = [None], [False]
    fits: dict[str, list[int | None]] = {}
    for name, expected in right.items():
        fitting: list[int | None] = [
            i
            for i, array in enumerate(arrays)
            if any(True for _ in readings(array, problem, name, expected.shape))
            and not (told[i] and meant[i] in right and meant[i] != name)
        ]
        fits[name] = [*fitting, None]
    best: tuple[tuple[int, int, int, int], Places, dict[str, Read]] | None = None
    for chosen in product(*fits.values()):
        taken = [i for i in chosen if i is not None]
        if len(set(taken)) < len(taken):
            continue
        places = dict(zip(right, chosen, strict=True))
        read = {name: _read(arrays, i, problem, name, right[name]) for name, i in places.items()}
        score = (
            sum(one.state in {RIGHT, NOTICE} for one in read.values()),
            sum(meant[i] == name for name, i in places.items() if i is not None),
            len(taken),
            -sum(a > b for j, a in enumerate(taken) for b in taken[j + 1 :]),
        )
        if best is None or score > best[0]:
            best = score, places, read
    assert best is not None  # noqa: S101 - nothing at all is a choice
    _, places, read = best
    for name in [name for name, i in places.items() if i is None]:
        places[name] = _of_other_shape(name, places, meant, arrays)
        if places[name] is not None:
            read[name] = Read(WRONG, None, arrays[places[name] or 0])
    return places, read


def _of_other_shape(name: str, places: Places, meant: list[str | None], arrays: tuple[Array, ...]) -> int | None:
    """What seems to be meant, though its shape does not fit."""
    left = [i for i in range(len(arrays)) if i not in places.values()]
    named = [i for i in left if meant[i] == name]
    if named:
        return named[0]
    open_names = [other for other, i in places.items() if i is None]
    loose = [i for i in left if arrays[i].ndim and meant[i] not in set(places) - {name}]
    return loose[0] if len(loose) == 1 == len(open_names) or (loose and len(loose) == len(open_names)) else None


def reread(places: Places, returned: Returned, problem: Problem, right: Arrays) -> dict[str, Read]:
    """The arrays of another call, at the places that were found before."""
    arrays = returned.arrays
    found = {}
    for name, i in places.items():
        found[name] = _read(arrays, i if i is not None and i < len(arrays) else None, problem, name, right[name])
        if found[name].state == ABSENT and i is not None and i < len(arrays):
            found[name] = Read(WRONG, None, arrays[i])
    return found


def _read(arrays: tuple[Array, ...], i: int | None, problem: Problem, name: str, right: Array) -> Read:
    if i is None:
        return Read(ABSENT, None, None)
    ways = [
        _state(found, said, problem, name, right, arrays[i])
        for found, said in _all_readings(arrays[i], problem, name, right)
    ]
    order = {RIGHT: 0, NOTICE: 1, WRONG: 2}
    return min(ways, key=lambda one: order[one.state], default=Read(ABSENT, None, arrays[i]))


def _all_readings(array: Array, problem: Problem, name: str, right: Array) -> Iterator[tuple[Array, str]]:
    for found, said in readings(array, problem, name, right.shape):
        yield found, said
        if name not in problem.setting.families and (found <= 0).all():
            with np.errstate(all="ignore"):
                if np.allclose(np.exp(found).sum(axis=1), 1.0):
                    yield np.exp(found), "the logarithm of the responsibilities is returned"


def _state(found: Array, said: str, problem: Problem, name: str, right: Array, raw: Array) -> Read:
    family = problem.setting.families.get(name)
    matrices = (
        family is not None and family.domain.side is not None and right.ndim > 1 and found.shape[-1] == found.shape[-2]
    )
    positive = family is not None and family.domain.positive and not family.domain.sums_to_one
    state, kind, text = compared(found, right, name, matrices=matrices, positive=positive)
    notices = ((("layout", said),) if said else ()) + (((kind, text),) if kind else ())
    return Read(NOTICE if state == RIGHT and notices else state, found, raw, notices)


def shape_mistake(read: Read, right: Array, problem: Problem, name: str) -> tuple[str, str] | None:
    """The mistake that a shape tells, and a sentence."""
    if read.raw is None or read.value is not None:
        return None
    shape, expected = read.raw.shape, right.shape
    K, N = problem.responsibilities.shape[1], len(problem.X)
    D = problem.X.shape[1] if problem.X.ndim > 1 else 1
    plain = f"the {name} have shape {shape}; {expected} is needed"
    squeezed = tuple(side for side in shape if side != 1)
    first = squeezed[0] if squeezed and len(squeezed) == len(expected) and expected[0] == K else K
    if first == N:
        return "wrong-axis", f"{plain}: a sum is taken along the wrong axis"
    if first == D and squeezed[1:] == expected[1:] and K != D:
        return "k-from-wrong-shape", f"{plain}: K is taken from the wrong axis"
    if len(expected) == 3 and squeezed == expected[:2]:
        entries = np.diagonal(right, axis1=1, axis2=2)
        if np.allclose(read.raw.reshape(squeezed), entries):
            return "diagonal-only", f"only the diagonal of the {name} is computed"
    if len(expected) == 3 and squeezed == expected[1:]:
        return "tied", f"{plain}: one matrix for all components, where each has its own"
    if squeezed[:1] == (K,) and squeezed[1:] == expected:
        return "per-component", f"{plain}: one for each component, where all share one"
    if squeezed == (N,) or len(squeezed) < len(expected):
        return "wrong-axis", f"{plain}: a sum is taken along the wrong axis"
    return "wrong-shape", plain


def as_arrays(read: Mapping[str, Read]) -> Arrays:
    """The values in the usual layout, of those that have one."""
    return {name: one.value for name, one in read.items() if one.value is not None}
