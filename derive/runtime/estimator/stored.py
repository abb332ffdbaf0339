"""Estimators read from the JSON that they were saved as. Nothing in the file is run."""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from derive.errors import InputError
from derive.runtime.estimator.covariance import factors, precisions
from derive.runtime.estimator.document import ATTRIBUTES, KEY
from derive.runtime.estimator.fitted import FittedMixture
from derive.runtime.estimator.gaussian import GaussianMixture
from derive.runtime.estimator.given import EstimatorError
from derive.runtime.estimator.mixture import MixtureEstimator
from derive.runtime.estimator.models import resolved
from derive.runtime.load import generated_names
from derive.runtime.parameters_json import read_fit, to_parameters
from derive.runtime.read import read_bytes

_CLASSES: dict[str, type[FittedMixture]] = {kind.__name__: kind for kind in (GaussianMixture, MixtureEstimator)}
_TYPES = ("float32", "float64")


def load_estimator(path: str | os.PathLike[str], model: Any = None) -> FittedMixture:
    """The fitted estimator that was saved in a file.

    model: the model of a `MixtureEstimator`, where it is not one of the catalogue: what the estimator was made with.
    Raises ValueError for a file that holds no estimator, or parameters that do not fit the model.
    """
    path = Path(path)
    try:
        stored = read_fit(path)
        content = json.loads(read_bytes(path).decode("utf-8-sig")).get(KEY)
        estimator = _made(content, stored.model, model, path)
        module = resolved(model or stored.model)
        parameters = to_parameters(module, stored)
    except EstimatorError:
        raise
    except InputError as error:
        raise EstimatorError(str(error)) from error
    if stored.model != module.MODEL:
        raise EstimatorError(f"{path} holds parameters of {stored.model}, not of {module.MODEL}")
    for name, value in zip(module.PARAMETER_SHAPES, parameters, strict=True):
        kind = content.get("types", {}).get(name)
        setattr(estimator, f"{name}_", value.astype(kind if kind in _TYPES else np.float64))
    for name in ATTRIBUTES:
        if name in content["fitted"]:
            value = content["fitted"][name]
            setattr(estimator, name, -np.inf if value is None else value)
    if content.get("feature_names") is not None:
        estimator.feature_names_in_ = np.array(content["feature_names"], dtype=object)
    if isinstance(estimator, GaussianMixture):
        estimator.precisions_cholesky_ = factors(estimator.covariances_, estimator.covariance_type)
        estimator.precisions_ = precisions(estimator.precisions_cholesky_, estimator.covariance_type)
    return estimator


def _made(content: Any, stored_model: str, model: Any, path: Path) -> FittedMixture:
    """The estimator with its options, unfitted."""
    parts = ("class", "options", "fitted")
    if not isinstance(content, dict) or any(part not in content for part in parts):
        raise EstimatorError(f"{path} holds parameters, but no estimator; write one with its method save")
    kind = _CLASSES.get(str(content["class"]))
    if kind is None:
        raise EstimatorError(f"{path} holds a {content['class']!r}; an estimator is one of {', '.join(_CLASSES)}")
    options = dict(content["options"])
    if kind is MixtureEstimator:
        options["model"] = stored_model if model is None and stored_model in generated_names() else model
        if options["model"] is None or (model is None and stored_model != content["options"].get("model")):
            raise EstimatorError(
                f"{path} holds a fit of {stored_model!r}, which is not in the catalogue: "
                "load_estimator(path, model=...) needs the model that it was fitted with"
            )
    known = set(kind().get_params(deep=False))
    unknown = sorted(set(options) - known)
    if unknown:
        raise EstimatorError(f"{path}: {content['class']} has no parameter {unknown[0]!r}")
    estimator: FittedMixture = kind(**options)
    return estimator
