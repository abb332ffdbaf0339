"""A drop-in replacement for scikit-learn's `GaussianMixture`, computed by four generated modules."""

import warnings
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import _fit_context
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import check_is_fitted

from derive.runtime.estimator.covariance import (
    MODELS,
    covariances_of,
    factors,
    module_of,
    precisions,
    regularised,
)
from derive.runtime.estimator.fitted import FittedMixture, whole
from derive.runtime.estimator.given import (
    EstimatorError,
    given_means,
    given_precisions,
    given_weights,
    is_number_of_rows,
)
from derive.runtime.estimator.progress import Progress
from derive.runtime.estimator.start import WAYS, start
from derive.runtime.estimator.step import Steps
from derive.runtime.estimator.weights import Rows, weighted_rows
from derive.runtime.protocol import GeneratedModule

Array = NDArray[Any]

_COLLAPSED = (
    "Fitting the mixture model failed because some components have ill-defined empirical covariance (for instance "
    "caused by singleton or collapsed samples). Try to decrease the number of components, increase reg_covar, or scale "
    "the input data."
)
_NOT_CONVERGED = (
    "Best performing initialization did not converge. Try different init parameters, or increase max_iter, tol, or "
    "check for degenerate data."
)
_SINGULAR = " A component collapsed: the parameters are those before its covariance became singular."


@dataclass(frozen=True)
class _Climb:
    """Where EM from one start ended, with positive definite covariances.

    bounds: the log-likelihood before each M-step, in nats a row. collapsed: whether the M-step from here is singular.
    """

    parameters: Any
    bounds: list[float]
    converged: bool = False
    collapsed: bool = False

    @property
    def rank(self) -> tuple[bool, float]:
        """What is largest for the best start: one that collapsed may be as likely as it wants."""
        return not self.collapsed, self.bounds[-1] if self.bounds else -np.inf


class GaussianMixture(FittedMixture):
    """A mixture of K Gaussians, with the parameters, attributes and stopping rule of scikit-learn's GaussianMixture.

    n_components: K. covariance_type: "full", "tied", "diag" or "spherical". tol: EM stops when an iteration changes
    the log-likelihood by less, in nats a row. max_iter: iterations of a start at most; 0 leaves the start as it is.
    n_init: number of starts, of which the best stays. init_params: "kmeans", "k-means++", "random" or
    "random_from_data". weights_init, means_init, precisions_init: what to start from instead, shapes as of the fitted
    attributes. random_state: of starts and samples. warm_start: go on from the last fit. verbose, verbose_interval:
    progress on standard output.

    reg_covar: added to each variance after each M-step. No likelihood asks for it: it is an addition to the derived
    update, whose result is the M-step for data blurred by independent noise of this variance. With 0 each iteration is
    the derived one, and never lowers the likelihood.

    sample_weight of `fit`: a row of weight 2 counts as two rows; see `Steps`.

    Fitted: weights_ (K,), means_ (K, D), covariances_, precisions_ and precisions_cholesky_ (full (K, D, D),
    tied (D, D), diag (K, D), spherical (K,)), converged_, n_iter_, lower_bound_ and lower_bounds_ (of each iteration),
    n_features_in_, feature_names_in_.
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "n_components": [Interval(Integral, 1, None, closed="left")],
        "covariance_type": [StrOptions(set(MODELS))],
        "tol": [Interval(Real, 0.0, None, closed="left")],
        "reg_covar": [Interval(Real, 0.0, None, closed="left")],
        "max_iter": [Interval(Integral, 0, None, closed="left")],
        "n_init": [Interval(Integral, 1, None, closed="left")],
        "init_params": [StrOptions(set(WAYS))],
        "weights_init": ["array-like", None],
        "means_init": ["array-like", None],
        "precisions_init": ["array-like", None],
        "random_state": ["random_state"],
        "warm_start": ["boolean"],
        "verbose": ["verbose"],
        "verbose_interval": [Interval(Integral, 1, None, closed="left")],
    }

    def __init__(  # noqa: PLR0913  scikit-learn's own
        self,
        n_components: int = 1,
        *,
        covariance_type: str = "full",
        tol: float = 1e-3,
        reg_covar: float = 1e-6,
        max_iter: int = 100,
        n_init: int = 1,
        init_params: str = "kmeans",
        weights_init: Any = None,
        means_init: Any = None,
        precisions_init: Any = None,
        random_state: Any = None,
        warm_start: bool = False,
        verbose: int = 0,
        verbose_interval: int = 10,
    ) -> None:
        self.n_components = n_components
        self.covariance_type = covariance_type
        self.tol = tol
        self.reg_covar = reg_covar
        self.max_iter = max_iter
        self.n_init = n_init
        self.init_params = init_params
        self.weights_init = weights_init
        self.means_init = means_init
        self.precisions_init = precisions_init
        self.random_state = random_state
        self.warm_start = warm_start
        self.verbose = verbose
        self.verbose_interval = verbose_interval

    @_fit_context(prefer_skip_nested_validation=True)  # type: ignore[untyped-decorator]
    @whole
    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:
        """Fit by EM. X: (N, D), float32 is kept. sample_weight: (N,), not negative. y: ignored.

        A start that collapses on the way, its likelihood growing without bound, is best only if all others do so too;
        then the last parameters with regular covariances are kept. Raises ValueError for unusable data or parameters,
        and where a start is singular. Warns with a ConvergenceWarning where the best start did not converge.
        """
        del y
        rows = weighted_rows(self._events(X, reset=True), sample_weight, self)
        if rows.count < self.n_components:
            raise EstimatorError(
                f"Expected n_samples >= n_components but got n_components = {self.n_components}, "
                f"n_samples = {rows.count}"
            )
        steps = Steps(self._module(), rows.X, rows.weights)
        given = self._given(rows)
        with np.errstate(all="ignore"):  # what goes wrong is looked for explicitly
            best = self._best(steps, rows, given)
            self._keep(best)
        if not self.converged_ and self.max_iter:
            because = _SINGULAR if best.collapsed else ""
            warnings.warn(_NOT_CONVERGED + because, ConvergenceWarning, stacklevel=2)
        return self

    def sample(self, n_samples: int = 1) -> tuple[Array, Array]:
        """Rows drawn from the fitted mixture, shape (n_samples, D), and their components, shape (n_samples,)."""
        check_is_fitted(self)
        if not is_number_of_rows(n_samples):
            raise EstimatorError(
                f"Invalid value for 'n_samples': {n_samples}. The sampling requires at least one sample."
            )
        rng = check_random_state(self.random_state)
        counts = rng.multinomial(
            n_samples, np.asarray(self.weights_, dtype=np.float64) / np.sum(self.weights_, dtype=float)
        )
        labels = np.repeat(np.arange(self.n_components), counts)
        matrices = self.covariance_type in {"full", "tied"}
        parts = []
        for k, (mean, count) in enumerate(zip(self.means_, counts, strict=True)):
            own = self.covariances_ if self.covariance_type == "tied" else self.covariances_[k]
            if matrices:
                parts.append(rng.multivariate_normal(mean, own, count))
            else:
                parts.append(mean + rng.standard_normal((count, len(mean))) * np.sqrt(own))
        return np.concatenate(parts), labels

    @property
    def parameters_(self) -> Any:
        """The fitted parameters as the module's named tuple.

        Of an estimator that was put together by hand, weights_, means_ and precisions_cholesky_ are enough.
        """
        if not hasattr(self, "covariances_") and hasattr(self, "precisions_cholesky_"):
            own = precisions(np.asarray(self.precisions_cholesky_), self.covariance_type)
            return self.module_.Parameters(self.weights_, self.means_, covariances_of(own, self.covariance_type))
        return super().parameters_

    def _module(self) -> GeneratedModule:
        return module_of(self.covariance_type)

    def _adjusted(self, parameters: Any) -> Any:
        return parameters._replace(
            covariances=regularised(parameters.covariances, self.covariance_type, self.reg_covar)
        )

    def _given(self, rows: Rows) -> dict[str, Array]:
        """The parameters that the user gave to start from, by their field, in the type of the data."""
        columns, found = rows.X.shape[1], {}
        if self.weights_init is not None:
            found["weights"] = given_weights(self.weights_init, self.n_components)
        if self.means_init is not None:
            found["means"] = given_means(self.means_init, self.n_components, columns)
        if self.precisions_init is not None:
            own = given_precisions(self.precisions_init, self.covariance_type, self.n_components, columns)
            found["covariances"] = covariances_of(own, self.covariance_type)
        return {name: value.astype(rows.X.dtype) for name, value in found.items()}

    def _best(self, steps: Steps, rows: Rows, given: dict[str, Array]) -> _Climb:
        """The best of the starts; a warm start goes on from the last fit."""
        progress = Progress(int(self.verbose), self.verbose_interval)
        if self.warm_start and hasattr(self, "converged_"):
            if np.shape(self.means_) != (self.n_components, rows.X.shape[1]):
                raise EstimatorError(
                    f"warm_start goes on from means_ of shape {np.shape(self.means_)}, but here K = "
                    f"{self.n_components} and D = {rows.X.shape[1]}; fit with warm_start=False"
                )
            progress.start(0)
            return self._climb(steps, self.parameters_, self.lower_bound_, progress)
        rng = check_random_state(self.random_state)
        best: _Climb | None = None
        for number in range(self.n_init):
            progress.start(number)
            climb = self._climb(steps, self._first(steps, rows, given, rng), -np.inf, progress)
            if best is None or not climb.bounds or climb.rank > best.rank:
                best = climb
        assert best is not None  # noqa: S101 - n_init is 1 at least
        return best

    def _first(self, steps: Steps, rows: Rows, given: dict[str, Array], rng: np.random.RandomState) -> Any:
        if len(given) == len(steps.module.PARAMETER_SHAPES):
            return steps.module.Parameters(**given)
        try:
            first = self._adjusted(steps.first(start(self.init_params, rows.X, self.n_components, rows.weights, rng)))
        except np.linalg.LinAlgError as error:
            raise EstimatorError(_COLLAPSED) from error
        return first._replace(**{"weights": first.weights / first.weights.sum(), **given})

    def _climb(self, steps: Steps, parameters: Any, bound: float, progress: Progress) -> _Climb:
        """EM from these parameters, whose log-likelihood the last fit left as bound."""
        bounds: list[float] = []
        regular, converged, collapsed = None, False, False
        while not converged and len(bounds) < self.max_iter:
            try:
                following, value = steps(parameters)
                regular = parameters
                bounds.append(value)
                parameters = self._adjusted(following)
            except np.linalg.LinAlgError:
                collapsed = True
                break
            converged = abs(value - bound) < self.tol
            progress.iteration(len(bounds), value - bound)
            bound = value
        if not self._is_regular(parameters):
            if regular is None:
                raise EstimatorError(_COLLAPSED)
            parameters, collapsed = regular, True
        if bounds:
            progress.end(bounds[-1], converged=converged and not collapsed)
        return _Climb(parameters, bounds, converged and not collapsed, collapsed)

    def _is_regular(self, parameters: Any) -> bool:
        try:
            factors(np.asarray(parameters.covariances), self.covariance_type)
        except np.linalg.LinAlgError:
            return False
        return True

    def _keep(self, climb: _Climb) -> None:
        """Set the fitted attributes."""
        factor = factors(np.asarray(climb.parameters.covariances), self.covariance_type)
        self.weights_, self.means_, self.covariances_ = climb.parameters
        self.precisions_cholesky_ = factor
        self.precisions_ = precisions(factor, self.covariance_type)
        self.converged_ = climb.converged
        self.n_iter_ = len(climb.bounds)
        self.lower_bounds_ = climb.bounds
        self.lower_bound_ = climb.bounds[-1] if climb.bounds else -np.inf
