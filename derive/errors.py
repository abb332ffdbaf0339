"""Every exception that a user can meet. Each message is one clear line: what is wrong, where, what would help.

Below it may stand what a user has written, and a caret at the place: lines that begin with ``NEW_LINE``.
"""

NEW_LINE = "\n    "


class DeriveError(Exception):
    """Anything that went wrong for a reason a user can understand; the base of all others."""

    exit_code = 2


class ModelError(DeriveError):
    """A model description that does not make sense: a shape that does not fit, an index left free."""


class InputError(DeriveError):
    """Unusable input: a missing file, text in a numeric column, an option out of range."""


class FitError(DeriveError):
    """The EM iterations cannot go on: a component lost all its points or collapsed on one."""


class NoClosedFormError(DeriveError):
    """The stationarity equation has no closed form that the engine can find and prove; the message says why."""


class StepRefusedError(DeriveError):
    """A certificate failed: the two sides of a derivation step differ. Names the rule and the size at which they do."""

    exit_code = 1


class LoweringError(DeriveError):
    """An update equation or a pass that cannot be turned into an array program without changing its meaning."""
