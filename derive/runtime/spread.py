"""What is fitted where the data are blocks: each step sees all of them, starts and troubles are those of a sample."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.runtime.collapse import troubled_component
from derive.runtime.densities import shared
from derive.runtime.engine import Engine
from derive.runtime.merging import check_streamed
from derive.runtime.modes import soft_e_step
from derive.runtime.problem import Problem
from derive.runtime.sources.sample import Sample
from derive.runtime.sources.witnesses import Witnesses

_SAMPLE = 20_000  # rows that a start is made from
_NUMBERS = 2**21  # of a sample: 16 MiB
_ROWS_A_COMPONENT = 50


def sample_size(width: int, k: int) -> int:
    """The number of rows that starts are made from: fewer where rows are wide, enough for each component."""
    return max(min(_SAMPLE, _NUMBERS // max(width, 1)), _ROWS_A_COMPONENT * k)


@dataclass(frozen=True)
class Spread(Problem):
    """A problem whose X and knowns are a sample; the engine has all rows."""

    engine: Engine = field(kw_only=True)
    sample: Sample = field(kw_only=True)

    @property
    def rows(self) -> int:
        """The number of rows, all of them."""
        return self.sample.rows

    @property
    def size(self) -> float:
        """The number of independent observations: of rows, with their sample weights."""
        return self.sample.weight

    @property
    def way(self) -> str:
        """How the data are read."""
        return self.engine.way

    @property
    def digest(self) -> str:
        """Of all data."""
        return self.sample.digest

    def step(self, parameters: Any) -> tuple[Any, float]:
        """The next parameters, and the objective at the given ones."""
        module = check_streamed(self.module, "block by block")
        statistics = self.engine.statistics(parameters)
        value = float(statistics.log_likelihood) + self._log_prior(parameters)
        if not np.isfinite(value):
            return parameters, value
        return module.update(statistics, parameters, **shared(module, self.knowns)), value

    def value(self, parameters: Any) -> float:
        """The objective at these parameters."""
        return self.log_likelihood(parameters) + self._log_prior(parameters)

    def log_likelihood(self, parameters: Any) -> float:
        """The log-likelihood of all rows, in nats."""
        return float(self.engine.statistics(parameters).log_likelihood)

    def trouble(self, parameters: Any, previous: Any, start: NDArray[Any]) -> str | None:
        """What is wrong with these parameters, judged by counts over all rows and by rows that show it."""
        if self.sample.is_whole:
            return super().trouble(parameters, previous, start)
        seen = self._seen(parameters)
        if seen is None and previous is not None:
            seen = self._seen(previous)
        if seen is None:
            return super().trouble(parameters, None, start)
        of_sample = self.module.log_joint(self.X, parameters if previous is None else previous, **self.knowns)
        beside = Witnesses(np.zeros_like(seen.counts), self.X, self.knowns, of_sample, self.sample.places)
        judged = seen.beside(beside, self.module)
        with np.errstate(all="ignore"):
            responsibilities = np.nan_to_num(soft_e_step(judged.scores)[0])
        return troubled_component(
            self.module,
            judged.X,
            parameters,
            responsibilities,
            judged.knowns,
            counts=seen.counts,
            places=judged.places,
        )

    def _seen(self, parameters: Any) -> Witnesses | None:
        try:
            with np.errstate(all="ignore"):
                found = self.engine.witnesses(parameters)
        except (ValueError, np.linalg.LinAlgError):
            return None
        return found if np.isfinite(found.counts).all() else None


def spread(engine: Engine, seed: int) -> Spread:
    """The problem of all rows of an engine. Raises InputError for data that the model cannot take."""
    walk = engine.walk
    sample = engine.sample(sample_size(len(walk.chosen), walk.k), seed)
    return Spread(walk.module, sample.X, sample.knowns, engine=engine, sample=sample)
