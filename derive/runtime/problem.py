"""What is fitted: a module, its data, and what is known of the labels; one E-step and one M-step of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import InputError
from derive.runtime.collapse import troubled_component
from derive.runtime.densities import taken
from derive.runtime.kernel import Kernel
from derive.runtime.kernel.arguments import number_of_components
from derive.runtime.kernel.likelihood import log_likelihood
from derive.runtime.latent import UNKNOWN, Latent, times
from derive.runtime.modes import SOFT, Mode
from derive.runtime.protocol import Array, GeneratedModule, sample_weights, shared_plate
from derive.runtime.shapes import sizes_of_parameters

_TIED = 1e-8  # relative: rounding of the log prior


@dataclass(frozen=True)
class Problem:
    """X: events as the module takes them, N rows. knowns: checked. latent: what is known of the labels.

    weights: shape (N,), positive, how many equal rows each row stands for, where the model itself has no such weights.
    An M-step sees data through sums over rows of γ_nk times a function of x_n, and N = Σ_n Σ_k γ_nk; so weights that
    are scaled to sum to N may be put into γ_nk (`weighted` tries whether a module's M-step is of this kind).
    """

    module: GeneratedModule
    X: NDArray[Any]
    knowns: Mapping[str, Array]
    latent: Latent = field(default_factory=Latent)
    mode: Mode = SOFT
    weights: NDArray[Any] | None = None

    @property
    def objective(self) -> str:
        """The name of what an iteration never lowers."""
        of = "" if self.latent.labels is None else " of data and labels"
        return self.mode.objective + of + (" plus log prior" if hasattr(self.module, "log_prior") else "")

    @property
    def counts(self) -> NDArray[Any] | None:
        """How many equal rows each row stands for, shape (N,), where there are sample weights."""
        name = sample_weights(self.module)
        return self.weights if name is None else self.knowns[name]

    @property
    def size(self) -> float:
        """The number of independent observations: of groups, else of rows, with their sample weights."""
        return self.units if self.counts is None or self.latent.groups is not None else float(self.counts.sum())

    @property
    def rows(self) -> int:
        """The number of rows that are fitted."""
        return len(self.X)

    @property
    def way(self) -> str:
        """How the data are read: sums in another order differ in their last digits."""
        return "all at once"

    @property
    def digest(self) -> str:
        """Of all that is fitted: data, known constants, labels and groups."""
        digest = hashlib.sha256()
        known = [self.knowns[name] for name in sorted(self.knowns)]
        for part in (self.X, *known, self.latent.labels, self.latent.groups, self.weights):
            digest.update(b"-" if part is None else np.ascontiguousarray(part).data)
        return digest.hexdigest()

    @property
    def units(self) -> int:
        """The number of rows or, where there are groups, of groups."""
        return self.latent.count(len(self.X))

    @property
    def plain(self) -> bool:
        """Whether this is ordinary EM, which a module's own `em_step` computes at once."""
        return self.latent.free and self.mode is SOFT and self.weights is None

    def in_mode(self, mode: Mode) -> "Problem":
        """The same problem in another mode."""
        return replace(self, mode=mode)

    def e_step(self, parameters: Any) -> tuple[NDArray[Any], float]:
        """Responsibilities of the units, shape (G, K), and the objective at these parameters."""
        joint = self.module.log_joint(self.X, parameters, **self.knowns)
        log_weights = self._log_weights(parameters, joint.shape[1])
        posteriors, values = self.mode.e_step(self.latent.unit_joint(joint, log_weights, self.counts))
        if self.counts is not None and self.latent.groups is None:
            values = times(self.counts, values)
        return posteriors, float(values.sum()) + self._log_prior(parameters)

    def m_step(self, responsibilities: NDArray[Any], previous: Any = None) -> Any:
        """The parameters that maximise Q. responsibilities: of the units, shape (G, K).

        Q is Σ_g Σ_k γ_gk log π_k + Σ_n Σ_k γ_g(n)k log f(x_n | k): the weights see each group once, all other
        parameters see each row. So the weights are those of an M-step on one row of each group, whichever it is, for
        their update does not depend on the data; the others are those of an M-step on all rows.
        """
        rows = self.latent.rows(responsibilities)
        if self.weights is not None:
            scaled = self.weights * (len(rows) / self.weights.sum())
            rows = scaled[:, np.newaxis].astype(rows.dtype) * rows
        parameters = self.module.m_step(self.X, rows, previous, **self.knowns)
        if self.latent.groups is None or self.module.WEIGHTS not in self.module.PARAMETER_SHAPES:
            return parameters
        name = self.module.WEIGHTS
        chosen = self.latent.representatives
        knowns = taken(self.module, self.knowns, chosen)
        weighted = sample_weights(self.module)
        if weighted is not None:  # a group counts once, however many rows its rows stand for
            knowns[weighted] = np.ones(len(chosen))
        of_groups = self.module.m_step(self.X[chosen], responsibilities, previous, **knowns)
        return parameters._replace(**{name: getattr(of_groups, name)})

    def step(self, parameters: Any) -> tuple[Any, float]:
        """The next parameters, and the objective at the given ones."""
        if self.plain:
            return self._kernel.em_step(self.X, parameters)
        responsibilities, value = self.e_step(parameters)
        if not np.isfinite(value):  # an M-step from these would only hide the reason
            return parameters, value
        return self.m_step(responsibilities, parameters), value

    @cached_property
    def _kernel(self) -> Kernel:
        """What iterations are computed by; the data do not change while they are fitted."""
        return Kernel(self.module, knowns=self.knowns).hold(self.X)

    def value(self, parameters: Any) -> float:
        """The objective at these parameters."""
        if self.plain:
            return self.log_likelihood(parameters) + self._log_prior(parameters)
        return self.e_step(parameters)[1]

    def log_likelihood(self, parameters: Any) -> float:
        """The log-likelihood of what was observed, data and labels, in nats."""
        if self.latent.free and self.weights is None:
            components = number_of_components(self.module, parameters)
            return log_likelihood(self.module, self.X, parameters, self.knowns, components)
        return self.in_mode(SOFT).e_step(parameters)[1] - self._log_prior(parameters)

    def _log_prior(self, parameters: Any) -> float:
        """Up to a constant; modules of models with a prior have a function `log_prior`."""
        prior = getattr(self.module, "log_prior", None)
        return 0.0 if prior is None else float(prior(parameters, **self.knowns))

    def trouble(self, parameters: Any, previous: Any, start: Any) -> str | None:
        """What is wrong with these parameters, judged by their own responsibilities, else by those that led to them.

        previous: the parameters before, None if these came from start, responsibilities of the units, or are start.
        """
        led_here = self.e_step(previous)[0] if previous is not None else start
        if not isinstance(led_here, np.ndarray):
            shared, others = shared_plate(self.module)
            width = sizes_of_parameters(self.module, parameters).get(shared, 1) + others
            led_here = np.full((self.units, width), 1 / width)
        try:
            own = self.e_step(parameters)[0]
        except (ValueError, np.linalg.LinAlgError):
            own = led_here
        judged_by = self.latent.rows(own if np.isfinite(own).all() else led_here)
        return troubled_component(self.module, self.X, parameters, judged_by, self.knowns) or self._lost(parameters)

    def _lost(self, parameters: Any) -> str | None:
        """The first labelled row that its own component cannot have produced."""
        labels = self.latent.labels
        if labels is None:
            return None
        try:
            joint = self.module.log_joint(self.X, parameters, **self.knowns)
        except (ValueError, np.linalg.LinAlgError):
            return None
        told = np.flatnonzero(labels != UNKNOWN)
        lost = told[~np.isfinite(joint[told, labels[told]])]
        return f"row {lost[0] + 1} has density 0 in component {labels[lost[0]]}, its label" if len(lost) else None

    def _log_weights(self, parameters: Any, components: int) -> NDArray[Any] | None:
        if self.latent.groups is None:
            return None
        name = self.module.WEIGHTS
        if not name:
            return np.full(components, -np.log(components))
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(self.knowns[name] if name in self.knowns else getattr(parameters, name)))


def check_grouped(problem: Problem, k: int) -> None:
    """Raise InputError where weights and other parameters cannot be maximised apart, as groups need it."""
    module = problem.module
    if not hasattr(module, "WEIGHTS"):
        raise InputError(f"the module of {module.MODEL} does not name its weights; run: derive generate {module.MODEL}")
    if tied_by_prior(problem, k):
        raise InputError(
            f"the prior of {module.MODEL} ties {module.WEIGHTS} to another parameter, but groups count once for "
            f"{module.WEIGHTS} and row by row for the others; leave --groups away, or take a prior on each apart"
        )


def tied_by_prior(problem: Problem, k: int) -> bool:
    """Whether the log prior is no sum of a part with the weights and a part without.

    Replacing the weights of one point by those of another then changes it by an amount that depends on the others.
    """
    module = problem.module
    prior = getattr(module, "log_prior", None)
    if prior is None or module.WEIGHTS not in module.PARAMETER_SHAPES:
        return False
    name = module.WEIGHTS
    rng = np.random.default_rng(0)
    first, second = (problem.m_step(rng.dirichlet(np.ones(k), size=problem.units)) for _ in range(2))
    changed = [point._replace(**{name: getattr(other, name)}) for point, other in ((first, second), (second, first))]
    values = [prior(point, **problem.knowns) for point in (first, changed[0], second, changed[1])]
    return bool(abs(values[0] - values[1] + values[2] - values[3]) > _TIED * max(map(abs, values)))
