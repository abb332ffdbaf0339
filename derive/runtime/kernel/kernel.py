"""The kernel: one EM iteration of a generated module, by the strategy that suits the model, its sizes and its data."""

import inspect
import threading
from collections.abc import Mapping
from functools import cache, partial
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from derive.errors import InputError
from derive.runtime.kernel.blocks import block_size
from derive.runtime.kernel.buffers import Buffers
from derive.runtime.kernel.cancellation import TOLERANCE, error_bound, largest_products
from derive.runtime.kernel.centred import centred_statistics
from derive.runtime.kernel.sums import Sums, split, sums_over
from derive.runtime.kernel.threads import available, one_thread_each, run_all
from derive.runtime.protocol import GeneratedModule, plates, sample_weights

Array = NDArray[Any]
STRATEGIES = ("auto", "features", "centred")


class Kernel:
    """Drives one generated module; keeps buffers between calls, so that iterations allocate next to nothing.

    knowns: known constants that all calls share. threads: over blocks, by default one a processor. strategy: "features"
    (products of features), "centred" (differences from the parameters at hand, block by block), or "auto": features
    where their rounding is known to do no harm.
    """

    def __init__(
        self,
        module: GeneratedModule,
        *,
        knowns: Mapping[str, Array] | None = None,
        threads: int | None = None,
        strategy: str = "auto",
    ) -> None:
        """Raises InputError for an unknown strategy, or one that the module does not have."""
        if strategy not in STRATEGIES:
            raise InputError(f"unknown strategy {strategy!r}: choose one of {', '.join(STRATEGIES)}")
        if strategy != "auto" and not hasattr(module, "statistics"):
            raise InputError(f"{module.MODEL} has no sufficient statistics; leave the strategy to be chosen: 'auto'")
        if strategy == "features" and not hasattr(module, "features"):
            raise InputError(f"{module.MODEL} has no features; choose 'auto' or 'centred'")
        if threads is not None and threads < 1:
            raise InputError(f"threads must be 1 or more, not {threads}")
        self.module: Any = module
        self.knowns = dict(knowns or {})
        self.threads = threads or available()
        self.strategy = strategy
        self._buffers: list[Buffers] = []
        self._held: object = None
        self._origin: Array | None = None
        self._shared: Array | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._buffers = []
        self.hold(None)

    def hold(self, X: Array | None) -> Self:
        """Say that calls for this X, this very array, find the same numbers in it and in what is known of its rows.

        What no parameter enters is then summed once, not in each iteration: the data's scatter, for one covariance.
        """
        self._held, self._origin, self._shared = X, None, None
        return self

    def em_step(self, X: Array, parameters: Any, *, knowns: Mapping[str, Array] | None = None) -> tuple[Any, float]:
        """One iteration: new parameters, and the objective at the given ones, in nats.

        X: data, shape (N, D). knowns: known constants that belong to these rows.
        """
        constants = {**self.knowns, **(knowns or {})}
        if not hasattr(self.module, "statistics"):
            return self.module.em_step(X, parameters, **constants)  # type: ignore[no-any-return]
        statistics = self.statistics(X, parameters, knowns=knowns)
        shared = {name: value for name, value in constants.items() if name not in self._of_samples}
        value = float(statistics.log_likelihood)
        if hasattr(self.module, "log_prior"):
            value += self.module.log_prior(parameters, **constants)
        updated = self.module.update(statistics, parameters, **_taken(self.module.update, shared))
        return _as_given(updated, np.asarray(X).dtype), value

    def statistics(self, X: Array, parameters: Any, *, knowns: Mapping[str, Array] | None = None) -> Any:
        """The sufficient statistics of the rows of X, in float64. Raises as the module's own functions do."""
        constants = {**self.knowns, **(knowns or {})}
        held = X is self._held and X is not None
        X = _table(self.module, X)
        with one_thread_each(), np.errstate(all="ignore"):
            if self._tries_features(X, parameters):
                found = self._by_features(X, parameters, constants, held=held)
                if found is not None:
                    return found
            count = _components(self.module, parameters)
            return centred_statistics(self.module, X, parameters, count, constants, self._of_samples, self.threads)

    @property
    def _of_samples(self) -> frozenset[str]:
        """The names of the known constants that belong to rows."""
        letter = plates(self.module)[0]
        return frozenset(name for name, shape in self.module.KNOWNS.items() if letter in shape)

    def _tries_features(self, X: Array, parameters: Any) -> bool:
        """Whether features are asked for, or are the faster way by the module's own account."""
        if self.strategy != "auto" or not hasattr(self.module, "features"):
            return self.strategy == "features"
        faster = getattr(self.module, "faster", None)
        return faster is None or faster(_components(self.module, parameters), max(X[:1].size, 1)) == "features"

    def _by_features(self, X: Array, parameters: Any, constants: Mapping[str, Array], *, held: bool) -> Any:
        """The statistics from sums of features; None where rounding might do harm."""
        module = self.module
        location = getattr(module, "LOCATION", "")
        origin = np.zeros(X.shape[1:])
        if location:
            known = self._origin if held else None
            origin = _centre(parameters, module, location, X.dtype) if known is None else known
            self._origin = origin if held else self._origin
        moved = module.shifted(_double(parameters), origin) if location else _double(parameters)
        natural = module.natural_parameters(moved, **_taken(module.natural_parameters, constants))
        if not np.isfinite(natural).all():
            return None
        own = {name: np.asarray(constants[name], X.dtype) for name in self._of_samples & constants.keys()}
        shared_by_rows = {name: value for name, value in constants.items() if name not in own}
        weighted = sample_weights(module)
        weights = None if weighted is None else np.asarray(constants[weighted], X.dtype)
        fill = partial(module.features, **_taken(module.features, shared_by_rows))
        rows = _taken(module.features, own)
        found = self._pass(
            fill, X, natural.astype(X.dtype), origin.astype(X.dtype) if location else None, rows, weights
        )
        if self.strategy == "auto" and not _is_safe(fill, natural, found, X.dtype, located=bool(location) and not rows):
            return None
        shared = self._shared if held and self._shared is not None else self._shared_sums(X, origin, constants)
        self._shared = shared if held else self._shared
        likelihood = found.log_likelihood
        if len(shared):
            given = _taken(module.shared_parameters, constants)
            likelihood += float(shared @ module.shared_parameters(moved, **given))
        return module.gather(found.totals, shared, likelihood, parameters, origin, **_taken(module.gather, constants))

    def _pass(
        self,
        fill: Any,
        X: Array,
        natural: Array,
        origin: Array | None,
        knowns: Mapping[str, Array],
        weights: Array | None,
    ) -> Sums:
        components, features = natural.shape
        size = block_size(features, components, X.dtype.itemsize)
        event, key = X.shape[1:], (features, components, X.shape[1:], size, X.dtype)
        shares = split(len(X), size, self.threads)
        if len(self._buffers) < len(shares) or self._buffers[0].key != key:
            self._buffers = [Buffers(features, components, event, size, X.dtype) for _ in shares]
        column = None if origin is None else origin[..., np.newaxis]
        tasks = [
            partial(sums_over, buffers, fill, X, natural, column, places, knowns, weights)
            for buffers, places in zip(self._buffers, shares, strict=False)
        ]
        first, *others = run_all(tasks)
        for other in others:
            first.add(other)
        return first

    def _shared_sums(self, X: Array, origin: Array, constants: Mapping[str, Array]) -> Array:
        """The sums of shared features, which no parameter enters."""
        if not hasattr(self.module, "shared_statistics"):
            return np.zeros(0)
        used = _taken(self.module.shared_statistics, constants)
        size = block_size(X[:1].size, 1, X.dtype.itemsize)
        moved = origin.astype(X.dtype) if origin.any() else None

        def of_blocks(places: list[tuple[int, int]]) -> Array:
            total: Any = 0.0
            for start, end in places:
                block = X[start:end] if moved is None else X[start:end] - moved
                rows = {name: value[start:end] if name in self._of_samples else value for name, value in used.items()}
                total = total + self.module.shared_statistics(block, **rows).astype(np.float64)
            return np.asarray(total)

        parts = run_all([partial(of_blocks, places) for places in split(len(X), size, self.threads)])
        return np.asarray(sum(parts[1:], parts[0]))


_cached = threading.local()


def em_step(
    module: GeneratedModule,
    X: Array,
    parameters: Any,
    *,
    knowns: Mapping[str, Array] | None = None,
    threads: int | None = None,
    strategy: str = "auto",
) -> tuple[Any, float]:
    """One iteration of EM, as the module's own ``em_step``, without an array that has a row for each sample.

    X: data, shape (N, D). parameters: the module's named tuple. knowns: its known constants. threads, strategy: see
    `Kernel`. Returns new parameters, and the objective at the given ones, in nats.
    """
    key = (module, threads, strategy)
    if getattr(_cached, "key", None) != key:
        _cached.key, _cached.kernel = key, Kernel(module, threads=threads, strategy=strategy)
    kernel: Kernel = _cached.kernel
    return kernel.em_step(X, parameters, knowns=knowns)


def _is_safe(fill: Any, natural: Array, found: Sums, dtype: Any, *, located: bool) -> bool:
    """Whether rounding moves no log joint by more than is tolerated."""
    if not np.isfinite(found.totals).all() or not np.isfinite(found.log_likelihood):
        return False
    if located:
        largest = largest_products(fill, found.lowest, found.highest, natural.shape[1])
    else:
        largest = np.maximum(np.abs(found.lowest), np.abs(found.highest))
    return error_bound(natural, largest, dtype) <= TOLERANCE[np.dtype(dtype).name]


def _components(module: Any, parameters: Any) -> int:
    """The number of components."""
    letter = plates(module)[1]
    sizes = [
        value.shape[shape.index(letter)]
        for value, shape in zip(map(np.asarray, parameters), module.PARAMETER_SHAPES.values(), strict=True)
        if letter in shape
    ]
    return int(sizes[0]) if sizes else 1


def _taken(function: Any, constants: Mapping[str, Array]) -> dict[str, Array]:
    """Those known constants that a function takes, by keyword only."""
    return {name: constants[name] for name in _keywords(function) if name in constants} if constants else {}


@cache
def _keywords(function: Any) -> tuple[str, ...]:
    arguments = inspect.signature(function).parameters.values()
    return tuple(argument.name for argument in arguments if argument.kind is argument.KEYWORD_ONLY)


def _table(module: Any, X: Array) -> Array:
    """X as an array of floats of the module's rank."""
    X = np.asarray(X)
    if X.dtype not in (np.float32, np.float64):
        X = np.asarray(X, dtype=np.float64)
    if not module.EVENT_SHAPE and X.ndim == 2 and X.shape[1] == 1:
        X = X[:, 0]
    if X.ndim != 1 + len(module.EVENT_SHAPE):
        raise ValueError(f"X has shape {X.shape}; expected rows of shape {module.EVENT_SHAPE or '()'}")
    return X


def _double(parameters: Any) -> Any:
    return type(parameters)(*(np.asarray(value, dtype=np.float64) for value in parameters))


def _as_given(parameters: Any, dtype: Any) -> Any:
    if dtype != np.float32:
        return parameters
    return type(parameters)(*(np.asarray(value, dtype=dtype) for value in parameters))


def _centre(parameters: Any, module: Any, location: str, dtype: Any) -> Array:
    """Where the data lie, by the parameters: the mean of the mixture's locations, rounded as the data are."""
    places = np.asarray(getattr(parameters, location), dtype=np.float64)
    if places.ndim > len(module.EVENT_SHAPE):
        equal = np.full(len(places), 1 / len(places))
        weights = np.asarray(getattr(parameters, module.WEIGHTS, equal), dtype=np.float64)
        places = np.tensordot(weights, places, axes=1)
    return np.asarray(places, dtype=dtype).astype(np.float64)
