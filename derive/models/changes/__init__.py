"""Changes to a model: a function from a mixture to another, which is then derived anew."""

from derive.models.changes.prior import with_prior

__all__ = ["with_prior"]
