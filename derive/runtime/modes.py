"""The E-step's modes, each one implementation for all models: from the log joint to responsibilities and an objective.

`docs/em-modes.md` proves that an iteration never lowers the objective of its mode.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

ModeName = Literal["soft", "hard", "annealed"]
MODES: tuple[str, ...] = get_args(ModeName)

Array = NDArray[Any]


@dataclass(frozen=True)
class Mode:
    """How posteriors are taken from the log joint.

    objective: the name of what an iteration never lowers. e_step: from the log joint l, shape (N, K), to the
    responsibilities, shape (N, K), rows summing to one, and what each row adds to the objective, shape (N,), in nats.
    """

    objective: str
    e_step: Callable[[Array], tuple[Array, Array]]


def soft_e_step(joint: Array) -> tuple[Array, Array]:
    """γ_nk = exp(l_nk) / Σ_j exp(l_nj), and for the log-likelihood log Σ_k exp(l_nk).

    Source: Dempster, Laird and Rubin 1977, sec. 4.3.
    """
    largest = joint.max(axis=1, keepdims=True)
    scaled = np.exp(joint - largest)
    totals = scaled.sum(axis=1, keepdims=True)
    scaled /= totals
    return scaled, (largest + np.log(totals))[:, 0]


def hard_e_step(joint: Array) -> tuple[Array, Array]:
    """γ_nk = 1 for the first k that maximises l_nk, 0 for the others; for the classification likelihood max_k l_nk.

    Source: Celeux and Govaert 1992, the E- and C-steps of CEM and the criterion C2.
    """
    labels = joint.argmax(axis=1)
    rows = np.arange(len(joint))
    responsibilities = np.zeros_like(joint)
    responsibilities[rows, labels] = 1
    return responsibilities, joint[rows, labels]


def annealed(temperature: float) -> Mode:
    """EM at a fixed temperature T = 1/β: γ_nk ∝ exp(β l_nk), free energy F = (1/β) Σ_n log Σ_k exp(β l_nk).

    At T = 1 this is EM and F the log-likelihood; as T falls to 0 it becomes hard EM and the classification likelihood.
    Source: Ueda and Nakano 1998 (McLachlan and Peel 2000, sec. 2.12.4); their free energy, which is lowered, is -F.
    """

    def e_step(joint: Array) -> tuple[Array, Array]:
        factor = joint.dtype.type(temperature)
        responsibilities, values = soft_e_step(joint / factor)
        return responsibilities, values * factor

    return Mode(f"free energy at temperature {temperature:g}", e_step)


SOFT = Mode("log-likelihood", soft_e_step)
HARD = Mode("classification log-likelihood", hard_e_step)
