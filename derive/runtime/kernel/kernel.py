"""The kernel: one EM iteration of a generated module, by the strategy that suits the model, its sizes and its data."""

import math
import threading
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from derive.errors import InputError
from derive.runtime.kernel.arguments import as_given, as_table, known_of_samples, number_of_components, taken
from derive.runtime.kernel.centred import centred_statistics
from derive.runtime.kernel.checks import check_arguments, check_module, explain_failure
from derive.runtime.kernel.conditioning import warn_of_lost_digits
from derive.runtime.kernel.featured import ByFeatures, Held
from derive.runtime.kernel.threads import available, one_thread_each
from derive.runtime.kernel.whitening import ByWhitening
from derive.runtime.protocol import GeneratedModule

Array = NDArray[Any]
STRATEGIES = ("auto", "features", "whitened", "centred")


class Kernel:
    """Drives one generated module; keeps buffers between calls, so that iterations allocate next to nothing.

    knowns: known constants that all calls share. threads: over blocks, by default one a processor. strategy: "features"
    (products of features), "whitened" (products with triangular matrices), "centred" (differences from the parameters
    at hand, block by block), or "auto": the fastest whose rounding is known to do no harm.
    """

    def __init__(
        self,
        module: GeneratedModule,
        *,
        knowns: Mapping[str, Array] | None = None,
        threads: int | None = None,
        strategy: str = "auto",
    ) -> None:
        """Raises InputError for what is no generated module, and for a strategy that it does not have."""
        check_module(module)
        if strategy not in STRATEGIES:
            raise InputError(f"unknown strategy {strategy!r}: choose one of {', '.join(STRATEGIES)}")
        if strategy != "auto" and not hasattr(module, "statistics"):
            raise InputError(f"{module.MODEL} has no sufficient statistics; leave the strategy to be chosen: 'auto'")
        if strategy == "features" and not hasattr(module, "features"):
            raise InputError(f"{module.MODEL} has no features; choose 'auto' or 'centred'")
        if strategy == "whitened" and not getattr(module, "QUADRATIC", False):
            raise InputError(f"the log joint of {module.MODEL} is not quadratic in the data; choose 'auto'")
        if threads is not None and (isinstance(threads, bool) or not isinstance(threads, int) or threads < 1):
            raise InputError(f"threads must be a whole number of 1 or more, not {threads!r}")
        self.module: Any = module
        self.knowns = dict(knowns or {})
        self.threads = threads or available()
        self.strategy = strategy
        self._of_samples = known_of_samples(module)
        self._held: Held | None = None
        self._strategies: dict[str, ByFeatures | ByWhitening] = {}
        if hasattr(module, "features"):
            self._strategies["features"] = ByFeatures(module, self.threads, watchful=strategy == "auto")
        if getattr(module, "QUADRATIC", False):
            self._strategies["whitened"] = ByWhitening(module, self.threads, watchful=strategy == "auto")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for way in self._strategies.values():
            way.release()
        self.hold(None)

    def hold(self, X: Array | None) -> Self:
        """Say that calls for this X, this very array, find the same numbers in it and in what is known of its rows.

        What no parameter enters is then summed once, not in each iteration: the data's scatter, for one covariance.
        """
        self._held = None if X is None else Held(X)
        return self

    def em_step(self, X: Array, parameters: Any, *, knowns: Mapping[str, Array] | None = None) -> tuple[Any, float]:
        """One iteration: new parameters, and the objective at the given ones, in nats.

        X: data, shape (N, D). knowns: known constants that belong to these rows.
        Raises InputError where these do not fit each other or hold NaN, else as the module's own functions do.
        """
        constants = {**self.knowns, **(knowns or {})}
        table, held = as_table(self.module, X), self._kept(X)
        check_arguments(self.module, table, parameters, constants)
        try:
            updated, value = self._em_step(table, parameters, constants, held)
        except ValueError:
            explain_failure(self.module, table, constants)
            raise
        if not math.isfinite(value):
            explain_failure(self.module, table, constants)
        return as_given(updated, np.asarray(X).dtype), value

    def statistics(self, X: Array, parameters: Any, *, knowns: Mapping[str, Array] | None = None) -> Any:
        """The sufficient statistics of the rows of X, in float64. Raises as the module's own functions do."""
        constants = {**self.knowns, **(knowns or {})}
        return self._statistics(as_table(self.module, X), parameters, constants, self._kept(X))

    def _kept(self, X: Array) -> Held | None:
        """What is known of X, if it is the array that is held."""
        return self._held if self._held is not None and self._held.X is X else None

    def _em_step(
        self, X: Array, parameters: Any, constants: Mapping[str, Array], held: Held | None
    ) -> tuple[Any, float]:
        if not hasattr(self.module, "statistics"):
            return self.module.em_step(X, parameters, **constants)  # type: ignore[no-any-return]
        statistics = self._statistics(X, parameters, constants, held)
        shared = {name: value for name, value in constants.items() if name not in self._of_samples}
        value = float(statistics.log_likelihood)
        if hasattr(self.module, "log_prior"):
            value += self.module.log_prior(parameters, **constants)
        return self.module.update(statistics, parameters, **taken(self.module.update, shared)), value

    def _statistics(self, X: Array, parameters: Any, constants: Mapping[str, Array], held: Held | None) -> Any:
        if not len(X):  # no blocks
            return self.module.statistics(X, parameters, **constants)
        with one_thread_each(), np.errstate(all="ignore"):
            for way in self._ways(X, parameters):
                found = way.statistics(X, parameters, constants, held)
                if found is not None:
                    return found
            if self.strategy == "auto" and self._strategies and not (held and held.warned):
                warned = warn_of_lost_digits(self.module, parameters, X.dtype)
                if held:
                    held.warned = warned
            count = number_of_components(self.module, parameters)
            return centred_statistics(self.module, X, parameters, count, constants, self._of_samples, self.threads)

    def _ways(self, X: Array, parameters: Any) -> list[ByFeatures | ByWhitening]:
        """The strategies before the centred one, in order: what is asked for, or first the module's own choice."""
        if self.strategy != "auto":
            return [self._strategies[self.strategy]] if self.strategy in self._strategies else []
        faster = getattr(self.module, "faster", None)
        if faster is None or faster(number_of_components(self.module, parameters), X[:1].size) == "features":
            return list(self._strategies.values())
        return [way for name, way in self._strategies.items() if name != "features"]


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
