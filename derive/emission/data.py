"""The helper of a generated module that takes X: its type, its rank, and the support that its domain declares."""

from derive.emission.calls import raised
from derive.emission.model import Model
from derive.emission.support import condition, words
from derive.emission.unicode import unicode
from derive.emission.views import FunctionView
from derive.language.domain import AtLeast, CountUpTo
from derive.language.expr import Expr, Number
from derive.language.family import Family


def take_data(model: Model, argument: str = "X") -> str:
    """Return the statement with which a generated function takes its data, an argument of this name."""
    return f"X = _data({argument}{''.join(f', {name}' for name in _bounds(model))})"


def data_function(model: Model) -> FunctionView:
    """Return the helper itself."""
    axes = model.axes(model.data)
    scalar = len(axes) == 1
    n = axes[0].size
    expected = f"({n},) or ({n}, 1), one number" if scalar else f"({n}, {axes[1].size}), one row"
    body = [
        "X = np.asarray(X)",
        'single = X.dtype.kind == "f" and X.dtype.itemsize == 4',
        "X = np.asarray(X, dtype=np.float32 if single else np.float64)",
    ]
    if scalar:
        body += ["if X.ndim == 2 and X.shape[1] == 1:", "    X = np.ascontiguousarray(X[:, 0])"]
    message = f"X has shape {{X.shape}}; expected {expected} for each point"
    body += [f"if X.ndim != {len(axes)}:", f'    raise ValueError(f"{message}")', *_support(model), "return X"]
    bounds = _bounds(model)
    arguments = "".join(f", {name}: Array" for name in bounds)
    title = "X as an array of floats: float32 stays, everything else becomes float64."
    allowed = words(model.data.domain, bounds[0] if bounds else _number(model))
    doc = (f"Raises ValueError for another rank, and for data that are not {allowed}.",) if allowed else ()
    return FunctionView(f"_data(X: Array{arguments}) -> Array", title, doc, tuple(body))


def _bound(model: Model) -> Family | None:
    """Return the known family that bounds the data."""
    domain = model.data.domain
    if not isinstance(domain, AtLeast | CountUpTo) or isinstance(domain.bound, Expr):
        return None
    return next(family for family in model.knowns if family == domain.bound)


def _bounds(model: Model) -> tuple[str, ...]:
    bound = _bound(model)
    return () if bound is None else (bound.code,)


def _number(model: Model) -> str:
    """Return the number that bounds the data, if it is one."""
    bound = getattr(model.data.domain, "bound", None)
    return unicode(bound) if isinstance(bound, Number) else ""


def _support(model: Model) -> list[str]:
    """Return the lines that refuse data outside of the support, naming the first such row."""
    domain, bound = model.data.domain, _bound(model)
    name = _number(model) if bound is None else bound.code
    limit = name
    if bound is not None:
        places = [":" if index in bound.indices else "np.newaxis" for index in model.data.indices]
        limit = f"np.asarray({name}, dtype=X.dtype)"
        if "np.newaxis" in places and ":" in places:
            limit += f"[{', '.join(places)}]"
    inside = condition(domain, "X", limit)
    lines: list[str] = []
    if inside:
        message = f"row {{row}} of X, counted from 0, holds {{X[~inside][0]:g}}; data must be {words(domain, name)}"
        lines += [
            f"inside = {inside}",
            "if not inside.all():",
            "    row = int(np.argwhere(~inside)[0, 0])",
            *raised("ValueError", message),
        ]
    if domain.sums_to_one:
        lines += [
            "totals: Array = X.sum(axis=-1)",
            "if not np.allclose(totals, 1):",
            "    row = int(np.argmax(np.abs(totals - 1)))",
            '    raise ValueError(f"row {row} of X, counted from 0, sums to {totals[row]:g}; each must sum to 1")',
        ]
    if domain.unit:
        lines += [
            "lengths: Array = np.linalg.norm(X, axis=-1)",
            "if not np.allclose(lengths, 1):",
            "    row = int(np.argmax(~np.isclose(lengths, 1)))",
            '    message = f"row {row} of X, counted from 0, has length {lengths[row]:g}; each must have length 1"',
            "    raise ValueError(message)",
        ]
    return lines
