"""One problem for an M-step: data, responsibilities, previous parameters, known constants, each with named axes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from derive.checking.submitted.members import Given, given_members
from derive.language.family import Family, Role
from derive.proof.derivation import Derivation
from derive.runtime.protocol import GeneratedModule, sample_weights

Array = NDArray[np.float64]
Arrays = dict[str, Array]


@dataclass(frozen=True)
class Setting:
    """A model on whose problems M-steps are tried: its derivation and its generated module."""

    derivation: Derivation
    module: GeneratedModule

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the parameters in code, in the order of the module's named tuple."""
        return tuple(self.module.PARAMETER_SHAPES)

    @cached_property
    def families(self) -> dict[str, Family]:
        """The family behind each parameter's and each known constant's name in code."""
        roles = (Role.PARAMETER, Role.KNOWN)
        return {family.code: family for family in self.derivation.families if family.role in roles}

    @cached_property
    def data(self) -> Family:
        """The data."""
        return next(family for family in self.derivation.families if family.role is Role.DATA)

    @property
    def plates(self) -> tuple[str, str]:
        """Names of the numbers of samples and of components."""
        samples, components = self.derivation.responsibilities.target.indices
        return samples.size.name, components.size.name

    @property
    def regular(self) -> tuple[str, int]:
        """Name of the number of components that share the density, and how many there are besides."""
        size = self.derivation.responsibilities.target.indices[1].size
        return size.base.name, size.more


def axes(family: Family) -> tuple[str, ...]:
    """Names of the sizes of a family's array in code: plates, then the coordinates that its domain leaves free."""
    plates = tuple(index.size.name for index in family.indices)
    rows, cols = family.shape.rows.name, family.shape.cols.name
    if family.domain.structure == "spherical":
        return plates
    if family.domain.structure == "diagonal":
        return (*plates, rows)
    return (*plates, *(side for side in (rows, cols) if side != "1"))


@dataclass(frozen=True)
class Problem:
    """X, responsibilities (N, K), previous parameters or None, known constants by name; name: for messages."""

    setting: Setting
    name: str
    X: Array
    responsibilities: Array
    previous: Arrays | None
    knowns: Arrays

    def given(self, name: str, shape: tuple[int, ...]) -> tuple[Given, ...]:
        """The members of a parameter that the model fixes or ties; shape: of its array."""
        return given_members(self.setting.derivation, self.setting.families[name], shape, self.knowns)

    @property
    def arrays(self) -> Arrays:
        """All of it under one name each, as submitted code's process takes it."""
        given = {"X": self.X, "responsibilities": self.responsibilities}
        given |= {f"known {name}": value for name, value in self.knowns.items()}
        return given | {f"previous {name}": value for name, value in (self.previous or {}).items()}

    @property
    def axes(self) -> dict[str, tuple[str, ...]]:
        """Names of the axes of each of its arrays."""
        of = {name: axes(family) for name, family in self.setting.families.items()}
        given = {"X": axes(self.setting.data), "responsibilities": self.setting.plates}
        given |= {f"known {name}": of[name] for name in self.knowns}
        return given | {f"previous {name}": of[name] for name in self.previous or {}}

    @property
    def sizes(self) -> dict[str, int]:
        """The size of each named axis."""
        arrays = self.arrays
        return {name: size for key, of in self.axes.items() for name, size in zip(of, arrays[key].shape, strict=True)}

    def with_arrays(self, arrays: Mapping[str, Array]) -> Self:
        """The problem with other arrays under the names of ``arrays``."""
        arrays = {name: np.asarray(value) for name, value in arrays.items()}  # NumPy makes numbers of scalar arrays
        old = {f: arrays[f"previous {f}"] for f in self.setting.fields if f"previous {f}" in arrays}
        knowns = {name: arrays[f"known {name}"] for name in self.knowns}
        X, responsibilities = arrays["X"], arrays["responsibilities"]
        return replace(self, X=X, responsibilities=responsibilities, previous=old or None, knowns=knowns)

    def from_(self, previous: Arrays | None) -> Self:
        """The problem with other previous parameters."""
        return replace(self, previous=previous)

    def parameters(self, values: Mapping[str, Array]) -> Any:  # noqa: ANN401 - the module's named tuple
        """The module's named tuple of parameters."""
        return self.setting.module.Parameters(**values)

    def reference(self) -> Arrays:
        """What the derived update gives; raises whatever the generated M-step raises."""
        module = self.setting.module
        previous = None if self.previous is None else self.parameters(self.previous)
        found = module.m_step(self.X.copy(), self.responsibilities.copy(), previous, **self.knowns)
        return {name: np.asarray(value, dtype=np.float64) for name, value in found._asdict().items()}

    def Q(self, values: Mapping[str, Array]) -> float:
        """What the M-step maximises, in nats: sum_n sum_k gamma_nk l_nk, and the log prior where the model has one.

        Where the model has frequency weights of the samples, the sum over n is weighted by them.

        Not a number where the parameters are outside of their domain or the log density cannot be computed.
        """
        module, parameters, gamma = self.setting.module, self.parameters(values), self.responsibilities
        with np.errstate(all="ignore"):
            try:
                joint = module.log_joint(self.X, parameters, **self.knowns)
                prior = 0.0
                if self.setting.derivation.log_prior is not None:
                    prior = module.objective(self.X, parameters, **self.knowns)
                    prior -= module.log_likelihood(self.X, parameters, **self.knowns)
            except (ValueError, ArithmeticError, np.linalg.LinAlgError):
                return float("nan")
            weighted = sample_weights(module)
            if weighted is not None:
                gamma = self.knowns[weighted][:, np.newaxis] * gamma
            return float(np.where(gamma > 0, gamma * joint, 0.0).sum()) + prior
