"""What a fitted mixture answers: labels, posteriors, densities, criteria; by its module and parameters alone."""

import math
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, DensityMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from derive.errors import InputError
from derive.runtime.dataset import as_array, as_events
from derive.runtime.densities import taken
from derive.runtime.estimator.document import write_document
from derive.runtime.estimator.given import EstimatorError
from derive.runtime.modes import soft_e_step
from derive.runtime.predict import check_symmetry
from derive.runtime.protocol import GeneratedModule, sample_weights
from derive.runtime.shapes import check_knowns, count_parameters, sizes_of, sizes_of_parameters

Array = NDArray[Any]

P = ParamSpec("P")
T = TypeVar("T")

_BLOCK = 1 << 16  # numbers of an N x K array that are held at once, at least one row of them


def whole(fit: Callable[P, T]) -> Callable[P, T]:
    """Make a method leave its estimator as it was where it fails: a fit of other data is not half forgotten."""

    @wraps(fit)
    def fitted(*args: P.args, **options: P.kwargs) -> T:
        attributes = vars(args[0])
        before = dict(attributes)
        try:
            return fit(*args, **options)
        except BaseException:
            attributes.clear()
            attributes.update(before)
            raise

    return fitted


class FittedMixture(DensityMixin, BaseEstimator, ABC):  # type: ignore[misc]  # scikit-learn ships no types
    """The part of an estimator that needs no fitting: subclasses have `_module` and the fitted attributes.

    Fitted attributes are the parameters' names with an underscore behind: ``weights_``, ``means_``.
    """

    n_components: int
    n_features_in_: int
    n_iter_: int
    converged_: bool
    lower_bounds_: list[float]

    @abstractmethod
    def _module(self) -> GeneratedModule:
        """The generated module."""

    def _constants(self, given: Mapping[str, Array] | None) -> Mapping[str, Array]:
        """Known constants of the model, those of the estimator and those given with the rows."""
        return given or {}

    @abstractmethod
    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:
        """Fit the mixture by EM."""

    def fit_predict(self, X: Any, y: Any = None, sample_weight: Any = None) -> Array:
        """Fit, and return the most probable component of each row, shape (N,): those of `predict`."""
        self.fit(X, y, sample_weight)
        return self.predict(X)

    def predict(self, X: Any, knowns: Mapping[str, Array] | None = None) -> Array:
        """The most probable component of each row, from 0, shape (N,).

        X: (N, D). knowns: the known constants that belong to these rows. Raises ValueError for data that do not fit.
        """
        return np.concatenate([joint.argmax(axis=1) for joint in self._possible(X, knowns)])

    def predict_proba(self, X: Any, knowns: Mapping[str, Array] | None = None) -> Array:
        """The responsibilities, the posterior probability of each component, shape (N, K), rows summing to one."""
        return np.concatenate([soft_e_step(joint)[0] for joint in self._possible(X, knowns)])

    def score_samples(self, X: Any, knowns: Mapping[str, Array] | None = None) -> Array:
        """The log density of each row, in nats, shape (N,); -inf where it is zero, or too small for its logarithm."""
        found = []
        for joint in self._joint(X, knowns):
            with np.errstate(invalid="ignore"):
                found.append(np.where(np.isneginf(joint).all(axis=1), -np.inf, soft_e_step(joint)[1]))
        return np.concatenate(found)

    def score(self, X: Any, y: Any = None, knowns: Mapping[str, Array] | None = None) -> float:
        """The log-likelihood, in nats a row."""
        del y
        return float(self.score_samples(X, knowns).mean())

    def bic(self, X: Any, knowns: Mapping[str, Array] | None = None) -> float:
        """Bayesian information criterion -2 log L + P log N of P free parameters; smaller is better (Schwarz 1978)."""
        log_densities = self.score_samples(X, knowns)
        return float(-2 * log_densities.sum() + self._n_parameters(knowns) * math.log(len(log_densities)))

    def aic(self, X: Any, knowns: Mapping[str, Array] | None = None) -> float:
        """Akaike's information criterion -2 log L + 2 P of P free parameters; smaller is better (Akaike 1974)."""
        return float(-2 * self.score_samples(X, knowns).sum() + 2 * self._n_parameters(knowns))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the fitted estimator as JSON, which runs nothing when it is read: see `derive.runtime.load_estimator`.

        ``derive predict --parameters`` reads it too. Raises ValueError for an estimator's parameter that is no number
        or text, such as a generator of random numbers.
        """
        check_is_fitted(self)
        write_document(self, self._module(), Path(path))

    @property
    def parameters_(self) -> Any:
        """The fitted parameters as the module's named tuple."""
        module = self._module()
        return module.Parameters(*(getattr(self, f"{name}_") for name in module.PARAMETER_SHAPES))

    @property
    def module_(self) -> GeneratedModule:
        """The generated module."""
        return self._module()

    @property
    def n_parameters_(self) -> int:
        """The number of free parameters."""
        return self._n_parameters()

    def _n_parameters(self, knowns: Mapping[str, Array] | None = None) -> int:
        check_is_fitted(self)
        module = self._module()
        sizes = sizes_of(module, 1, self.n_components, self.n_features_in_)
        sizes |= sizes_of_parameters(module, self.parameters_)  # such as the number of coefficients
        shared = {name: np.asarray(value) for name, value in self._constants(knowns).items()}
        return count_parameters(module, sizes, shared)

    def _joint(self, X: Any, knowns: Mapping[str, Array] | None) -> Iterator[Array]:
        """The log joint of blocks of rows: memory does not grow with their number."""
        check_is_fitted(self)
        module, parameters = self._module(), self.parameters_
        events = self._events(X, reset=False)
        sizes = sizes_of(module, len(events), self.n_components, events.size // len(events))
        given = dict(self._constants(knowns))
        weights = sample_weights(module)
        if weights is not None:  # they say how often a row was seen, not how probable it is
            given.setdefault(weights, np.ones(len(events)))
        size = max(1, _BLOCK // self.n_components)
        try:
            constants = check_knowns(module, given, sizes)
            few = slice(0, min(size, 16))
            with suppress(ValueError, np.linalg.LinAlgError):  # told of below
                check_symmetry(module, events[few], parameters, taken(module, constants, few))
        except InputError as error:
            raise EstimatorError.of(error) from error
        for first in range(0, len(events), size):
            rows = slice(first, first + size)
            try:
                joint = self._joint_of(events[rows], parameters, taken(module, constants, rows))
            except EstimatorError:  # the module counts rows from the first that it is given
                start = slice(0, first + size)
                joint = self._joint_of(events[start], parameters, taken(module, constants, start))[first:]
            yield joint

    def _joint_of(self, events: Array, parameters: Any, knowns: Mapping[str, Array]) -> Array:
        module = self._module()
        try:
            with np.errstate(all="ignore"):
                return np.asarray(module.log_joint(events, parameters, **knowns))
        except (ValueError, np.linalg.LinAlgError) as error:
            raise EstimatorError(f"{module.MODEL} cannot take these rows with its parameters: {error}") from error

    def _possible(self, X: Any, knowns: Mapping[str, Array] | None) -> Iterator[Array]:
        """The log joint of blocks of rows. Raises EstimatorError for a row that belongs to no component."""
        first = 0
        for joint in self._joint(X, knowns):
            lost = ~(joint.max(axis=1) > -np.inf)
            if lost.any():
                raise EstimatorError(
                    f"X, row {first + int(np.argmax(lost)) + 1}: no component gives it a finite density"
                )
            first += len(joint)
            yield joint

    def _events(self, X: Any, *, reset: bool) -> Array:
        """X as the module takes it, checked by scikit-learn's rules first; float32 is kept."""
        module = self._module()
        if np.ma.is_masked(X):  # scikit-learn would take what stands under the mask
            X = as_array(X, "X")
        if not module.EVENT_SHAPE and np.ndim(X) == 1:
            X = np.reshape(X, (-1, 1))
        checked = validate_data(self, X, reset=reset, dtype=[np.float64, np.float32], ensure_min_samples=1 + reset)
        try:
            return as_events(checked, module.EVENT_SHAPE, model=module.MODEL)
        except InputError as error:
            raise EstimatorError.of(error) from error
