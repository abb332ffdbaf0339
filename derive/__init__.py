"""From the log density of a mixture model to a proved EM derivation, its documents and standalone NumPy code.

    >>> import derive
    >>> model = derive.load("gaussian-full")  # or a path of your own: "model.py", "model.py:NAME"
    >>> model.derivation()  # the proved steps
    >>> model.generate()    # the NumPy module, as text

Whatever is wrong with a model, a file or data is raised as a `derive.DeriveError` whose message is one clear line.

A model of your own is written in the words below: indices, data, parameters with their domains, and `Mixture`.
Names are imported when first used, so that `import derive` and `import derive.generated.x` stay light.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derive.api import Model, catalogue, load
    from derive.errors import DeriveError
    from derive.language import (
        PI,
        AtLeast,
        Binary,
        Count,
        CountUpTo,
        Data,
        Diagonal,
        Dimension,
        Index,
        Known,
        Latent,
        NonNegative,
        OneHot,
        Parameter,
        Positive,
        PositiveDefinite,
        Probability,
        Real,
        Simplex,
        Spherical,
        UnitInterval,
        UnitVector,
        absolute,
        atan2,
        bessel_ratio,
        cos,
        diagonal_part,
        digamma,
        exp,
        identity,
        inverse,
        log,
        log_bessel_i,
        log_beta,
        log_binomial,
        log_factorial,
        logdet,
        loggamma,
        ordinal,
        outer,
        point_mass,
        polygamma,
        quad,
        sin,
        sqrt,
        sum_over,
        support,
        trace,
        transpose,
        trigamma,
    )
    from derive.models import Mixture

__all__ = [
    "PI",
    "AtLeast",
    "Binary",
    "Count",
    "CountUpTo",
    "Data",
    "DeriveError",
    "Diagonal",
    "Dimension",
    "Index",
    "Known",
    "Latent",
    "Mixture",
    "Model",
    "NonNegative",
    "OneHot",
    "Parameter",
    "Positive",
    "PositiveDefinite",
    "Probability",
    "Real",
    "Simplex",
    "Spherical",
    "UnitInterval",
    "UnitVector",
    "absolute",
    "atan2",
    "bessel_ratio",
    "catalogue",
    "cos",
    "diagonal_part",
    "digamma",
    "exp",
    "identity",
    "inverse",
    "load",
    "log",
    "log_bessel_i",
    "log_beta",
    "log_binomial",
    "log_factorial",
    "logdet",
    "loggamma",
    "ordinal",
    "outer",
    "point_mass",
    "polygamma",
    "quad",
    "sin",
    "sqrt",
    "sum_over",
    "support",
    "trace",
    "transpose",
    "trigamma",
]

_ELSEWHERE = {
    "DeriveError": "derive.errors",
    "Mixture": "derive.models",
    "Model": "derive.api",
    "catalogue": "derive.api",
    "load": "derive.api",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  whatever the name stands for
    if name not in __all__:
        raise AttributeError(f"module 'derive' has no attribute {name!r}")
    value = getattr(importlib.import_module(_ELSEWHERE.get(name, "derive.language")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
