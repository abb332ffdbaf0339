"""What a fitted mixture answers: labels, posteriors, densities, criteria; by its module and parameters alone."""

import math
import os
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, DensityMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from derive.errors import InputError
from derive.runtime.dataset import as_events
from derive.runtime.densities import taken
from derive.runtime.estimator.document import write_document
from derive.runtime.estimator.given import EstimatorError
from derive.runtime.modes import soft_e_step
from derive.runtime.protocol import GeneratedModule, sample_weights
from derive.runtime.shapes import check_knowns, count_parameters, sizes_of

Array = NDArray[Any]

_BLOCK = 1 << 16  # numbers of an N x K array that are held at once, at least one row of them


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
        return np.concatenate([joint.argmax(axis=1) for joint in self._joint(X, knowns)])

    def predict_proba(self, X: Any, knowns: Mapping[str, Array] | None = None) -> Array:
        """The responsibilities, the posterior probability of each component, shape (N, K), rows summing to one."""
        return np.concatenate([soft_e_step(joint)[0] for joint in self._joint(X, knowns)])

    def score_samples(self, X: Any, knowns: Mapping[str, Array] | None = None) -> Array:
        """The log density of each row, in nats, shape (N,)."""
        return np.concatenate([soft_e_step(joint)[1] for joint in self._joint(X, knowns)])

    def score(self, X: Any, y: Any = None, knowns: Mapping[str, Array] | None = None) -> float:
        """The log-likelihood, in nats a row."""
        del y
        return float(self.score_samples(X, knowns).mean())

    def bic(self, X: Any, knowns: Mapping[str, Array] | None = None) -> float:
        """Bayesian information criterion -2 log L + P log N of P free parameters; smaller is better (Schwarz 1978)."""
        log_densities = self.score_samples(X, knowns)
        return float(-2 * log_densities.sum() + self._n_parameters() * math.log(len(log_densities)))

    def aic(self, X: Any, knowns: Mapping[str, Array] | None = None) -> float:
        """Akaike's information criterion -2 log L + 2 P of P free parameters; smaller is better (Akaike 1974)."""
        return float(-2 * self.score_samples(X, knowns).sum() + 2 * self._n_parameters())

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

    def _n_parameters(self) -> int:
        module = self._module()
        sizes = sizes_of(module, 1, self.n_components, self.n_features_in_)
        shared = {name: np.asarray(value) for name, value in self._constants(None).items()}
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
        try:
            constants = check_knowns(module, given, sizes)
        except InputError as error:
            raise EstimatorError.of(error) from error
        size = max(1, _BLOCK // self.n_components)
        for first in range(0, len(events), size):
            rows = slice(first, first + size)
            yield module.log_joint(events[rows], parameters, **taken(module, constants, rows))

    def _events(self, X: Any, *, reset: bool) -> Array:
        """X as the module takes it, checked by scikit-learn's rules first; float32 is kept."""
        module = self._module()
        if not module.EVENT_SHAPE and np.ndim(X) == 1:
            X = np.reshape(X, (-1, 1))
        checked = validate_data(self, X, reset=reset, dtype=[np.float64, np.float32], ensure_min_samples=1 + reset)
        try:
            return as_events(checked, module.EVENT_SHAPE, model=module.MODEL)
        except InputError as error:
            raise EstimatorError.of(error) from error
