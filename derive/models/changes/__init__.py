"""Changes to a model: a function from a mixture to another, which is then derived anew."""

from derive.models.changes.fix import fix
from derive.models.changes.prior import with_prior
from derive.models.changes.tie import tie

__all__ = ["fix", "tie", "with_prior"]
