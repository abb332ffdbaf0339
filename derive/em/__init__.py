"""EM for a mixture model in textbook order: the objective Q, the E-step, and an M-step for each parameter."""

from derive.em.derive import derive_em

__all__ = ["derive_em"]
