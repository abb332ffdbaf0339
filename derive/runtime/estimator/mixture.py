"""A scikit-learn estimator of any generated module, driven by `derive.runtime.em.fit`."""

import warnings
from collections.abc import Iterator, Mapping
from numbers import Integral, Real
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import _fit_context, clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions

from derive.errors import DeriveError
from derive.runtime.dataset import as_array
from derive.runtime.densities import taken
from derive.runtime.em import FitResult, fit
from derive.runtime.estimator.covariance import MODELS
from derive.runtime.estimator.fitted import FittedMixture, whole
from derive.runtime.estimator.given import EstimatorError, is_number_of_rows
from derive.runtime.estimator.models import portable, resolved
from derive.runtime.estimator.progress import Progress
from derive.runtime.estimator.scipy_mixture import Support, to_scipy
from derive.runtime.estimator.start import WAYS
from derive.runtime.estimator.tags import declare
from derive.runtime.estimator.weights import Rows, weighted_rows
from derive.runtime.modes import MODES
from derive.runtime.options import MAX_ITER, N_INIT, TOL
from derive.runtime.protocol import GeneratedModule, sample_weights

Array = NDArray[Any]

_DRIVEN = {"kmeans": "kmeans", "k-means++": "k-means++", "random_from_data": "random"}  # the driver's names of starts


class MixtureEstimator(FittedMixture):
    """A mixture of K components with the density of any generated module.

    model: a name of the catalogue, a generated module, the path of its file, its text, or a model that `derive.load`
    returned. n_components: K. tol: EM stops when an iteration raises the objective by less, in nats a row. max_iter:
    iterations of a start at most. n_init: number of starts, of which the best stays; a component that collapses on a
    few rows ends its start. init_params: "kmeans", "k-means++" or "random_from_data" (on standardised columns), or
    "random" responsibilities. mode: "soft" (EM), "hard" (classification EM) or "annealed". knowns: known constants of
    the model by name; those that belong to rows are given with the rows. random_state: of starts. warm_start: go on
    from the last fit. verbose, verbose_interval: progress on standard output.

    With the same seed a fit is that of ``derive fit``. sample_weight of `fit`: a row of weight 2 counts as two rows.
    A model with weights of its own (``derive.load(...).weights("frequency")``) was derived with them; for any other
    they multiply the responsibilities in the M-step, after a trial that its M-step takes them so.

    Fitted: each parameter by its name and an underscore (``weights_``, ``means_``), parameters_, converged_, n_iter_,
    lower_bound_ and lower_bounds_ (the objective at the start and after each iteration, in nats a row),
    log_likelihood_, n_features_in_, feature_names_in_.
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "model": "no_validation",  # type: ignore[dict-item]
        "n_components": [Interval(Integral, 1, None, closed="left")],
        "tol": [Interval(Real, 0.0, None, closed="neither")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "n_init": [Interval(Integral, 1, None, closed="left")],
        "init_params": [StrOptions(set(WAYS))],
        "mode": [StrOptions(set(MODES))],
        "knowns": [dict, None],
        "random_state": ["random_state"],
        "warm_start": ["boolean"],
        "verbose": ["verbose"],
        "verbose_interval": [Interval(Integral, 1, None, closed="left")],
    }

    def __init__(  # noqa: PLR0913  an estimator's parameters are its options
        self,
        model: Any = MODELS["full"],
        n_components: int = 1,
        *,
        tol: float = TOL,
        max_iter: int = MAX_ITER,
        n_init: int = N_INIT,
        init_params: str = "kmeans",
        mode: str = "soft",
        knowns: Mapping[str, Any] | None = None,
        random_state: Any = None,
        warm_start: bool = False,
        verbose: int = 0,
        verbose_interval: int = 10,
    ) -> None:
        self.model = model
        self.n_components = n_components
        self.tol = tol
        self.max_iter = max_iter
        self.n_init = n_init
        self.init_params = init_params
        self.mode = mode
        self.knowns = knowns
        self.random_state = random_state
        self.warm_start = warm_start
        self.verbose = verbose
        self.verbose_interval = verbose_interval

    @_fit_context(prefer_skip_nested_validation=True)  # type: ignore[untyped-decorator]
    @whole
    def fit(self, X: Any, y: Any = None, sample_weight: Any = None, knowns: Mapping[str, Any] | None = None) -> Self:
        """Fit by EM. X: (N, D), or (N,) or (N, 1) for scalar data; float32 is kept. y: ignored.

        sample_weight: (N,), not negative. knowns: known constants, such as those that belong to these rows.
        Raises ValueError for data or options that cannot be used, and where every start loses or collapses a component.
        Warns with a ConvergenceWarning where the best start did not converge.
        """
        del y
        module = self._module()
        events = self._events(X, reset=True)
        own = sample_weights(module)
        given = dict(self._constants(knowns))
        if own is not None and own not in given:
            given[own] = np.ones(len(events)) if sample_weight is None else sample_weight
        try:
            constants = {name: as_array(value, f"known constant {name!r}") for name, value in given.items()}
        except DeriveError as error:
            raise EstimatorError.of(error) from error
        rows = weighted_rows(events, sample_weight if own is None else None, self)
        if rows.kept is not None:
            named = {name: value for name, value in constants.items() if name in module.KNOWNS}
            constants |= taken(module, named, rows.kept)
        try:
            result = self._fitted(module, rows, constants)
        except DeriveError as error:
            raise EstimatorError.of(error) from error
        self._keep(result, rows.total if own is None else float(np.sum(constants[own])))
        if not result.converged:
            warnings.warn(
                f"{module.MODEL} did not converge in max_iter={self.max_iter} iterations; increase max_iter or tol",
                ConvergenceWarning,
                stacklevel=2,
            )
        return self

    def fit_predict(
        self, X: Any, y: Any = None, sample_weight: Any = None, knowns: Mapping[str, Any] | None = None
    ) -> Array:
        """Fit, and return the most probable component of each row, shape (N,): those of `predict`."""
        self.fit(X, y, sample_weight, knowns)
        return self.predict(X, knowns)

    def sample(
        self, n_samples: int = 1, support: Support | None = None, knowns: Mapping[str, Any] | None = None
    ) -> tuple[Array, Array]:
        """Values drawn from the fitted mixture, shape (n_samples,), and their components, shape (n_samples,).

        They are drawn by inverting the distribution function, which `to_scipy` makes of the log density alone: for
        continuous scalars only. support, knowns: see `to_scipy`. Raises ValueError for any other model.
        """
        if not is_number_of_rows(n_samples):
            raise EstimatorError(f"Invalid value for 'n_samples': {n_samples!r}. Draw one at least.")
        mixture = to_scipy(self, support, knowns)
        rng = np.random.default_rng(self._seed())
        counts = rng.multinomial(n_samples, mixture.weights)
        drawn = [component.sample(count, rng=rng) for component, count in zip(mixture.components, counts, strict=True)]
        return np.concatenate(drawn), np.repeat(np.arange(len(counts)), counts)

    def _fitted(self, module: GeneratedModule, rows: Rows, constants: Mapping[str, Array]) -> FitResult:
        progress = Progress(int(self.verbose), self.verbose_interval)
        seed = self._seed()
        result = fit(
            module,
            rows.X,
            self.n_components,
            seed=seed,
            tol=self.tol,
            max_iter=self.max_iter,
            n_init=self.n_init,
            init=_DRIVEN.get(self.init_params, "kmeans"),
            mode=self.mode,
            knowns=constants,
            on_iteration=progress.of_driver(rows.total) if self.verbose else None,
            starts=self._starts(rows.X, seed),
            sample_weight=rows.weights,
        )
        progress.end(result.value / rows.total, converged=result.converged)
        return result

    def _starts(self, X: Array, seed: int) -> Iterator[Any] | None:
        """What to start from where the driver does not make it: the last fit, or random responsibilities."""
        if self.warm_start and hasattr(self, "converged_"):
            return iter([self.parameters_])
        if self.init_params != "random":
            return None
        width = self.n_components
        drawn = (rng.dirichlet(np.ones(width), len(X)) for rng in np.random.default_rng(seed).spawn(self.n_init))
        return (responsibilities.astype(X.dtype) for responsibilities in drawn)

    def _seed(self) -> int:
        if isinstance(self.random_state, Integral):
            return int(self.random_state)
        return int(check_random_state(self.random_state).randint(2**31 - 1))

    def _keep(self, result: FitResult, total: float) -> None:
        """Set the fitted attributes. total: the number of rows that the rows stand for."""
        for name, value in zip(result.parameters._fields, result.parameters, strict=True):
            setattr(self, f"{name}_", value)
        self.converged_ = result.converged
        self.n_iter_ = result.iterations
        self.log_likelihood_ = result.log_likelihood
        self.lower_bounds_ = [value / total for value in result.history]
        self.lower_bound_ = self.lower_bounds_[-1]

    def _module(self) -> GeneratedModule:
        return resolved(self.model)

    def _constants(self, given: Any) -> Mapping[str, Array]:
        if given is not None and not isinstance(given, Mapping):
            raise EstimatorError(f'knowns are given by their names, as {{"t": array}}, not by a {type(given).__name__}')
        return {**(self.knowns or {}), **(given or {})}

    def __sklearn_clone__(self) -> "MixtureEstimator":
        """A new estimator with the same parameters; a module is shared, for it cannot be copied."""
        others = {name: value for name, value in self.get_params(deep=False).items() if name != "model"}
        copied = {name: clone(value, safe=False) for name, value in others.items()}
        return type(self)(self.model, **copied)

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = super().__getstate__()
        return {**state, "model": portable(self.model)}

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        declare(tags, self._module())
        return tags
