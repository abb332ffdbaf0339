"""Running generated modules: reading data, starting and driving EM, predicting, storing, plotting.

Models are known by the interface of their generated module (`protocol.py`), never by name.

Names are imported when first used: the estimators need scikit-learn, and nothing else here does.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derive.runtime.estimator.gaussian import GaussianMixture
    from derive.runtime.estimator.mixture import MixtureEstimator
    from derive.runtime.estimator.models import GeneratedText
    from derive.runtime.estimator.plot import plot_mixture
    from derive.runtime.estimator.scipy_mixture import to_scipy
    from derive.runtime.estimator.stored import load_estimator
    from derive.runtime.kernel import Kernel, em_step

__all__ = [
    "GaussianMixture",
    "GeneratedText",
    "Kernel",
    "MixtureEstimator",
    "em_step",
    "load_estimator",
    "plot_mixture",
    "to_scipy",
]

_ELSEWHERE = {
    "GaussianMixture": "derive.runtime.estimator.gaussian",
    "GeneratedText": "derive.runtime.estimator.models",
    "Kernel": "derive.runtime.kernel",
    "MixtureEstimator": "derive.runtime.estimator.mixture",
    "em_step": "derive.runtime.kernel",
    "load_estimator": "derive.runtime.estimator.stored",
    "plot_mixture": "derive.runtime.estimator.plot",
    "to_scipy": "derive.runtime.estimator.scipy_mixture",
}


def __getattr__(name: str) -> Any:
    if name not in _ELSEWHERE:
        raise AttributeError(f"module 'derive.runtime' has no attribute {name!r}")
    try:
        module = importlib.import_module(_ELSEWHERE[name])
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] != "sklearn":
            raise
        raise ImportError(
            f"derive.runtime.{name} needs scikit-learn, which is not installed: pip install 'derive-em[sklearn]'"
        ) from error
    return getattr(module, name)


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
