"""The helpers of generated modules that look for roots and maxima, for all entries or components at once.

Roots are bracketed and narrowed by SciPy. Newton's method is the interpreter's own, copied line by line.
"""

import inspect
import textwrap

from derive.emission.views import FunctionView
from derive.lowering.newton import newton

OPTIMIZE = "scipy.optimize.elementwise."
CALLABLE = "collections.abc.Callable"
ROOT_NEEDS = frozenset({"math", CALLABLE, f"{OPTIMIZE}bracket_root", f"{OPTIMIZE}find_root"})

ROOT = FunctionView(
    "_root(\n    slope: Callable[..., Array], name: str, shape: tuple[int, ...], "
    "lower: float = -math.inf, upper: float = math.inf\n) -> Array",
    "Where a falling function is zero, for each entry of ``name``: a bracket is found, checked and narrowed.",
    (
        "slope: called with entries and their positions, an array for each axis. lower, upper: ends of the domain.",
        "Raises ValueError where no bracket is found: the slope keeps its sign, and Q rises to an end of the domain.",
    ),
    (
        "places = tuple(axis.ravel() for axis in np.indices(shape))",
        "ends = (0.25, 0.75) if upper < math.inf else (0.5, 2.0) if lower > -math.inf else (-1.0, 1.0)",
        "low, high = (np.full(math.prod(shape), end) for end in ends)",
        'with np.errstate(all="ignore"):  # far from the root the slope may overflow: such a bracket is not taken',
        "    start = slope(low, *places)",
        "    found = bracket_root(slope, low, high, xmin=lower, xmax=upper, args=places, maxiter=100)",
        "    low, high = found.bracket",
        "    root = find_root(slope, (low, high), args=places)",
        "    # The signs hold a little outside too, unless the slope only vanishes in rounding towards an end.",
        "    below = slope(low - np.minimum(low - lower, 1 + np.abs(low)) / 1024, *places)",
        "    above = slope(high + np.minimum(upper - high, 1 + np.abs(high)) / 1024, *places)",
        "    bad = ~(found.success & root.success & (below > 0) & (above < 0))",
        "    if (np.abs(below) < 1e-6 * np.abs(start)).any():  # so little may be rounding alone, as it is at the root",
        "        rounding = [np.abs(slope(root.x * (1 + j * 2.0**-45), *places)) for j in range(-3, 4)]",
        "        seen = np.abs(slope(low - np.minimum(low - lower, 1 + np.abs(low)) / 2, *places))",
        "        bad |= seen < 32 * np.max(rounding, axis=0)",
        "if bad.any():",
        "    at = int(np.argmax(bad))",
        '    where = f"[{\', \'.join(str(place[at]) for place in places)}]" if shape else ""',
        "    end = upper if start[at] > 0 else lower",
        "    raise ValueError(",
        '        f"{name}{where} has no finite maximum: Q keeps rising as it goes to {end:g}; "',
        '        "a prior on it, or fewer components, would bound it"',
        "    )",
        "return np.asarray(root.x).reshape(shape)",
    ),
)


def _copied() -> FunctionView:
    """The source of Newton's method, under the name that generated modules have for it."""
    lines = inspect.getsource(newton).splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(") -> "))
    signature = "\n".join(lines[: start + 1]).removeprefix("def newton").removesuffix(":")
    body = textwrap.dedent("\n".join(lines[start + 1 :])).splitlines()
    title, *rest = body[0].removeprefix('"""'), *body[1:]
    end = rest.index('"""')
    return FunctionView(f"_newton{signature}", title, tuple(rest[1:end]), tuple(rest[end + 1 :]))


NEWTON = _copied()
