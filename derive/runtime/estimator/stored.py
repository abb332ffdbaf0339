"""Estimators read from the JSON that they were saved as. Nothing in the file is run, and no file that it names is."""

import json
import os
from collections.abc import Mapping
from numbers import Real
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
from derive.runtime.letters import coordinate
from derive.runtime.load import generated_names
from derive.runtime.parameters_json import read_fit, to_parameters
from derive.runtime.protocol import GeneratedModule, shared_plate
from derive.runtime.read import read_bytes
from derive.runtime.shapes import sizes_of_parameters

_CLASSES: dict[str, type[FittedMixture]] = {kind.__name__: kind for kind in (GaussianMixture, MixtureEstimator)}
_TYPES = ("float32", "float64")
_SYMMETRY = 1e-6  # relative


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
        module = estimator.module_
        _check_model(module, stored.model, path)
        parameters = to_parameters(module, stored)
        _set_attributes(estimator, content, path)
        _check_sizes(estimator, module, parameters, path)
    except EstimatorError:
        raise
    except InputError as error:
        raise EstimatorError(str(error)) from error
    for name, value in zip(module.PARAMETER_SHAPES, parameters, strict=True):
        kind = content["types"].get(name)
        setattr(estimator, f"{name}_", value.astype(kind if kind in _TYPES else np.float64))
    if isinstance(estimator, GaussianMixture):
        _set_precisions(estimator, path)
    return estimator


def _made(content: Any, stored_model: str, model: Any, path: Path) -> FittedMixture:
    """The estimator with its options, unfitted. Raises EstimatorError for parts and options that it does not have."""
    parts = ("class", "options", "fitted")
    if not isinstance(content, dict) or any(part not in content for part in parts):
        raise EstimatorError(f"{path} holds parameters, but no estimator; write one with its method save")
    content.setdefault("types", {})
    for part in ("options", "fitted", "types"):
        if not isinstance(content[part], dict):
            raise EstimatorError(f"{path}: {part!r} of the estimator should be an object")
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
    try:
        estimator._validate_params()  # noqa: SLF001  scikit-learn's name for it
    except ValueError as error:
        raise EstimatorError(f"{path}: {error}") from error
    return estimator


def _check_model(module: GeneratedModule, stored_model: str, path: Path) -> None:
    if stored_model != module.MODEL:
        raise EstimatorError(f"{path} holds parameters of {stored_model}, not of {module.MODEL}")


def _set_attributes(estimator: FittedMixture, content: Mapping[str, Any], path: Path) -> None:
    """Set what a fit leaves beside its parameters. Raises EstimatorError for values of another kind."""
    fitted: Mapping[str, Any] = content["fitted"]
    for name in ATTRIBUTES:
        if name not in fitted:
            continue
        value = fitted[name]
        if not _is_of_kind(name, value):
            raise EstimatorError(f"{path}: {name!r} of the estimator cannot be {json.dumps(value)[:40]}")
        if isinstance(value, list):
            value = [-np.inf if one is None else one for one in value]
        setattr(estimator, name, -np.inf if value is None else value)
    names = content.get("feature_names")
    if names is None:
        return
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise EstimatorError(f"{path}: 'feature_names' of the estimator should be a list of strings")
    if len(names) != fitted.get("n_features_in_", len(names)):
        raise EstimatorError(f"{path}: {len(names)} feature names for {fitted['n_features_in_']} columns")
    estimator.feature_names_in_ = np.array(names, dtype=object)


def _is_of_kind(name: str, value: Any) -> bool:
    """Whether a value is of the kind that a fitted attribute has; null is a number that is not finite."""
    if name == "converged_":
        return isinstance(value, bool)
    if name in {"n_iter_", "n_features_in_"}:
        return isinstance(value, int) and not isinstance(value, bool) and value >= (name == "n_features_in_")
    if name == "lower_bounds_":
        return isinstance(value, list) and all(_is_number(one) for one in value)
    return _is_number(value)


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, Real) and not isinstance(value, bool))


def _check_sizes(estimator: FittedMixture, module: GeneratedModule, parameters: Any, path: Path) -> None:
    """Raise EstimatorError where components or columns are not as many as the estimator says."""
    sizes = sizes_of_parameters(module, parameters)
    components, columns = sizes.get(shared_plate(module)[0]), sizes.get(coordinate(module))
    if components not in {None, estimator.n_components}:
        raise EstimatorError(
            f"{path}: n_components is {estimator.n_components}, but there are parameters of {components} components"
        )
    if not hasattr(estimator, "n_features_in_"):
        raise EstimatorError(f"{path}: 'fitted' lacks 'n_features_in_', the number of columns")
    expected = columns if module.EVENT_SHAPE else 1
    if expected not in {None, estimator.n_features_in_}:
        raise EstimatorError(
            f"{path}: n_features_in_ is {estimator.n_features_in_}, but the parameters are of {expected} columns"
        )


def _set_precisions(estimator: GaussianMixture, path: Path) -> None:
    """Set what scikit-learn's has beside the covariances. Raises EstimatorError where these are none."""
    covariances, structure = estimator.covariances_, estimator.covariance_type
    if structure in {"full", "tied"}:
        turned = np.swapaxes(covariances, -1, -2)
        if np.abs(covariances - turned).max() > _SYMMETRY * np.abs(covariances).max():
            raise EstimatorError(f"{path}: 'covariances' are not symmetric")
    try:
        estimator.precisions_cholesky_ = factors(covariances, structure)
    except np.linalg.LinAlgError:
        raise EstimatorError(f"{path}: 'covariances' are not positive definite") from None
    estimator.precisions_ = precisions(estimator.precisions_cholesky_, structure)
