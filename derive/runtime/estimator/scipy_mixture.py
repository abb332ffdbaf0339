"""A fitted mixture of scalars as a `scipy.stats.Mixture`: from the module's log density alone.

Where the density lives, and how wide it is, is found by looking at it; that each component integrates to one is checked
before anything is returned.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import integrate, stats
from sklearn.utils.validation import check_is_fitted

from derive.errors import InputError
from derive.runtime.collapse import one_component
from derive.runtime.densities import is_known_by_row, log_joint_inside, taken
from derive.runtime.estimator.fitted import FittedMixture
from derive.runtime.estimator.given import EstimatorError
from derive.runtime.protocol import GeneratedModule, shared_plate
from derive.runtime.shapes import check_knowns, sizes_of

Array = NDArray[Any]
LogDensity = Callable[[Array], Array]
Support = tuple[float, float]

_PROBES = np.sqrt(2) * 2.0 ** np.arange(-60, 61)  # no whole numbers, where a density of counts would be found
_ZOOMS = 80
_NORMALISED = 1e-6


@dataclass(frozen=True)
class _Standard:
    """A component moved to mode 0 and width 1, in the form that `scipy.stats.make_distribution` takes."""

    log_density: LogDensity
    location: float
    support: Support
    parameters: ClassVar[dict[str, Support]] = {"width": (0.0, math.inf)}
    __make_distribution_version__: ClassVar[str] = "1.16.0"

    def logpdf(self, x: Any, *, width: Any) -> Array:
        """The log density at standardised places, any shape; width: in the units of the data."""
        places = np.asarray(self.location + width * np.asarray(x, dtype=np.float64))
        return np.asarray(self.log_density(places.ravel()).reshape(places.shape) + np.log(width))

    def pdf(self, x: Any, *, width: Any) -> Array:
        """The density at standardised places, any shape."""
        return np.asarray(np.exp(self.logpdf(x, width=width)))


def to_scipy(
    estimator: FittedMixture, support: Support | None = None, knowns: Mapping[str, Any] | None = None
) -> stats.Mixture:
    """The mixture as SciPy's: with its cdf, quantiles, moments, entropy and samples.

    support: where the density lives, found by default; angles need theirs, such as (-π, π), for their densities go on
    beyond. knowns: known constants that the estimator was not made with. Raises ValueError for densities of vectors or
    counts, densities that differ from row to row, and where a component does not integrate to one there.
    """
    check_is_fitted(estimator)
    module, parameters = estimator.module_, estimator.parameters_
    if estimator.n_features_in_ != 1:
        raise EstimatorError(
            f"{module.MODEL} is fitted to {estimator.n_features_in_} columns; SciPy's mixtures have one"
        )
    if is_known_by_row(module):
        raise EstimatorError(f"each row of {module.MODEL} has a density of its own; SciPy's mixtures have one")
    given = {**(getattr(estimator, "knowns", None) or {}), **(knowns or {})}
    try:
        constants = check_knowns(module, given, sizes_of(module, 1, estimator.n_components, 1))
    except InputError as error:
        raise EstimatorError.of(error) from error
    count = estimator.n_components + shared_plate(module)[1]
    components = [_component(module, parameters, constants, k, support) for k in range(count)]
    return stats.Mixture(components, weights=_weights(module, parameters, constants, count))


def _weights(module: GeneratedModule, parameters: Any, knowns: Mapping[str, Array], count: int) -> list[float]:
    name = module.WEIGHTS
    found = getattr(parameters, name) if name in module.PARAMETER_SHAPES else knowns.get(name, np.ones(count))
    weights = np.asarray(found, dtype=np.float64)
    return (weights / weights.sum()).tolist()  # type: ignore[no-any-return]


def _component(
    module: GeneratedModule, parameters: Any, knowns: Mapping[str, Array], k: int, support: Support | None
) -> Any:
    log_density = _log_density(module, parameters, knowns, k)
    ends = support or _support(log_density, module)
    log_density = _inside(log_density, ends)
    location = _mode(log_density, ends)
    width = _width(log_density, location)
    lower, upper = ((end - location) / width for end in ends)
    standard = _Standard(log_density, location, (lower, upper))
    mass = _mass(standard, width)
    if not abs(mass - 1) < _NORMALISED:
        raise EstimatorError(
            f"component {k} of {module.MODEL} integrates to {mass:.6g} from {ends[0]:.6g} to {ends[1]:.6g}, not to 1; "
            "give the interval where its density lives, as in support=(-math.pi, math.pi)"
        )
    return stats.make_distribution(standard)(width=width) * width + location  # type: ignore[arg-type]


def _log_density(module: GeneratedModule, parameters: Any, knowns: Mapping[str, Array], k: int) -> LogDensity:
    """The log density of a component, -inf outside of its support."""
    alone = one_component(module, parameters, k)
    own = taken(module, knowns, slice(k, k + 1), shared_plate(module)[0])
    name = module.WEIGHTS
    if name in module.PARAMETER_SHAPES:
        alone = alone._replace(**{name: np.ones(1)})
    elif name in own:
        own[name] = np.ones(1)

    def log_density(places: Array) -> Array:
        inside = np.isfinite(places)
        found = np.full(len(places), -np.inf)
        if inside.any():
            events = places[inside][:, np.newaxis] if module.EVENT_SHAPE else places[inside]
            with np.errstate(all="ignore"):
                found[inside] = np.nan_to_num(log_joint_inside(module, events, alone, own)[:, 0], nan=-np.inf)
        return found

    return log_density


def _inside(log_density: LogDensity, ends: Support) -> LogDensity:
    """The log density, asked for inside of its support only: a module refuses what is outside row by row."""

    def inside(places: Array) -> Array:
        there = (places > ends[0]) & (places < ends[1])
        found = np.full(len(places), -np.inf)
        found[there] = log_density(places[there])
        return found

    return inside


def _support(log_density: LogDensity, module: GeneratedModule) -> Support:
    """The interval where the density is not zero: from a place in it outwards to the last float on either side."""
    probes = np.concatenate([_PROBES, -_PROBES])
    probes = probes[probes != np.floor(probes)]  # the large ones are whole
    values = log_density(probes)
    if not np.isfinite(values).any():
        raise EstimatorError(f"{module.MODEL} has no density between whole numbers; SciPy's mixtures are continuous")
    inside = float(probes[np.argmax(values)])
    return _end(log_density, inside, -1.0), _end(log_density, inside, 1.0)


def _end(log_density: LogDensity, inside: float, direction: float) -> float:
    """The last place with a density in this direction, infinite where there is none."""
    steps = inside + direction * 2.0 ** np.arange(-60.0, 200.0, 1.0)
    outside = np.isneginf(log_density(steps))
    if not outside.any():
        return direction * math.inf
    first = int(np.argmax(outside))
    here, beyond = (float(steps[first - 1]) if first else inside), float(steps[first])
    for _ in range(200):
        middle = here + (beyond - here) / 2
        if middle in {here, beyond}:
            break
        here, beyond = (here, middle) if np.isneginf(log_density(np.array([middle]))[0]) else (middle, beyond)
    return 0.0 if abs(here) < 2.0**-60 else here


def _mode(log_density: LogDensity, ends: Support) -> float:
    """Where the density is largest, found by zooming in; at an end of the support where it grows towards it."""
    places = np.concatenate([-_PROBES[::-1], _PROBES])
    if np.isfinite(ends).all():
        places = np.linspace(*ends, 101)
    elif np.isfinite(ends[0]):
        places = ends[0] + _PROBES
    elif np.isfinite(ends[1]):
        places = ends[1] - _PROBES[::-1]
    for _ in range(_ZOOMS):
        best = int(np.argmax(log_density(places)))
        left, right = places[max(best - 1, 0)], places[min(best + 1, len(places) - 1)]
        if right - left <= 4 * np.spacing(abs(places[best])):
            break
        places = np.linspace(left, right, 33)
    return float(places[np.argmax(log_density(places))])


def _width(log_density: LogDensity, location: float) -> float:
    """The distance d from the mode at which d times the density is largest: σ of a Gaussian."""
    distances = 2.0 ** np.arange(-120, 121, 0.25)
    found = [np.log(distances) + log_density(location + sign * distances) for sign in (-1, 1)]
    values = np.where(np.isposinf(np.maximum(*found)), -np.inf, np.maximum(*found))
    resolved = distances > 8 * np.spacing(abs(location))
    return float(distances[np.argmax(np.where(resolved, values, -np.inf))])


def _mass(standard: _Standard, width: float) -> float:
    """The integral over the support, in pieces."""
    cuts = [-100.0, -30.0, -8.0, -2.0, 0.0, 2.0, 8.0, 30.0, 100.0]
    lower, upper = standard.support
    places = [lower, *(cut for cut in cuts if lower < cut < upper), upper]

    def density(place: float) -> float:
        return float(standard.pdf(place, width=width))

    with np.errstate(all="ignore"):
        return float(sum(integrate.quad(density, a, b, limit=200, full_output=1)[0] for a, b in pairwise(places)))
