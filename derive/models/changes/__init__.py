"""Changes to a model: a function from a mixture to another, which is then derived anew."""

from derive.models.changes.change import Change, Kind, as_changes, changed
from derive.models.changes.fix import fix
from derive.models.changes.given_prior import prior
from derive.models.changes.given_weights import weights
from derive.models.changes.noise import with_noise
from derive.models.changes.prior import with_prior
from derive.models.changes.tie import tie
from derive.models.changes.weights import frequency_weights, precision_weights

__all__ = [
    "Change",
    "Kind",
    "as_changes",
    "changed",
    "fix",
    "frequency_weights",
    "precision_weights",
    "prior",
    "tie",
    "weights",
    "with_noise",
    "with_prior",
]
