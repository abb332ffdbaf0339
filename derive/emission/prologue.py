"""The lines with which a generated function begins: arrays of one dtype, sizes, positive parameters."""

from collections.abc import Iterable

from derive.emission import known
from derive.emission.asked import asked_of
from derive.emission.calls import raised
from derive.emission.model import Model
from derive.emission.start import start_of
from derive.language.family import Family
from derive.language.index import Extent
from derive.lowering.axis import Axis, Rank
from derive.lowering.node import Input
from derive.lowering.program import Program
from derive.lowering.scope import kind_of

START = "where the updates start; by default identity matrices, ones, halves for probabilities, else zeros."
PREVIOUS = "previous_"
UNUSED = "unused: no update starts from previous values."


def unpacked(model: Model, program: Program, dtype: str = "X.dtype", needed: Iterable[str] = ()) -> list[str]:
    """Return the line that takes the parameters apart; those that are neither used nor needed get no name."""
    used = {node.name for node in program.inputs if node.source == "parameter"} | set(needed)
    names = [family.code if family.code in used else "_" for family in model.parameters]
    if not used:
        return []
    left = f"{names[0]}," if len(names) == 1 else ", ".join(names)
    return [f"{left} = (np.asarray(value, dtype={dtype}) for value in parameters)"]


def knowns(model: Model, program: Program, dtype: str = "X.dtype", given: Iterable[Family] | None = None) -> list[str]:
    """Return the lines that convert the known constants that a program uses of those given, by default all of them."""
    used = [node.name for node in _of(program, "known")]
    unused = [family.code for family in (model.knowns if given is None else given) if family.code not in used]
    lines = known.converted(model, program, dtype)
    return [*([f"del {', '.join(unused)}  # not needed here"] if unused else []), *lines]


def previous(model: Model, program: Program, dtype: str = "X.dtype") -> tuple[list[str], set[str]]:
    """Return the lines that give previous parameters a value, and the sizes that these need."""
    used = [node.name for node in _of(program, "previous")]
    families = [family for family in model.parameters if f"previous_{family.code}" in used]
    if not families:
        return ["del previous  # no update starts from previous values"], set()
    sizes = {axis.size for family in families for axis in model.axes(family)}
    lines = ["if previous is None:  # a start: identity matrices, ones, halves for probabilities, else zeros"]
    lines += [f"    previous_{family.code} = {start_of(model, family, dtype)}" for family in families]
    lines += ["else:"]
    lines += [f"    previous_{family.code} = np.asarray(previous.{family.code}, dtype={dtype})" for family in families]
    return lines + _previous_domains(model, program), sizes


def _previous_domains(model: Model, program: Program) -> list[str]:
    """Return the lines that refuse previous values at which an update has none: a variance of zero is divided by."""
    lines: list[str] = []
    for family, asked in asked_of(model, program, PREVIOUS):
        name = PREVIOUS + family.code
        lines += _refused(model, family, asked.condition.format(x=name), asked.must, name)
    used = {node.name for node in _of(program, "previous")}
    for family in model.parameters:
        name = PREVIOUS + family.code
        if name in used and kind_of(family) == "definite":
            lines += known.definite(name)
    return lines


def words_of_previous(program: Program) -> str:
    """Return what the docstring says of the previous parameters."""
    return f"previous: {START if _of(program, 'previous') else UNUSED}"


def sizes(wanted: set[str], arrays: Iterable[tuple[str, tuple[Axis, ...]]]) -> list[str]:
    """Return the lines that bind sizes, each from the first array that has it."""
    lines: list[str] = []
    found: set[str] = set()
    wanted = {Extent(size).base.name for size in wanted}
    for name, axes in arrays:
        for place, axis in enumerate(axes):
            size = Extent(axis.size)
            if size.base.name in wanted and size.base.name not in found:
                found.add(size.base.name)
                less = f" - {size.more}" if size.more else ""
                value = f"{size.base} = len({name})" if place == 0 else f"{size.base}: int = {name}.shape[{place}]"
                lines.append(value + less)
    return lines


def components(model: Model) -> list[str]:
    """Return the lines that refuse fewer components than are named."""
    highest = model.derivation.named_components
    if not highest:
        return []
    size = model.plates[1]
    name = next(f.name for f in model.parameters for binding in f.bindings if binding.number == highest)
    message = f"{name}_{highest} is fixed or tied: there must be {highest} components or more, not {{{size}}}"
    return [f"if {size} < {highest}:", f'    raise ValueError(f"{message}")']


def domains(model: Model, program: Program) -> list[str]:
    """Return the lines that refuse a parameter outside of its domain, naming the component."""
    lines: list[str] = []
    for family, asked in asked_of(model, program):
        lines += _refused(model, family, asked.condition.format(x=family.code), asked.must)
    return lines


def defined(model: Model, program: Program, lines: list[str]) -> list[str]:
    """Refuse weights of zero where the log prior is not a number there: their log is infinite, and counts nought times.

    lines: those of the log prior, the last of which returns it.
    """
    used = {node.name for node in program.inputs}
    weights = [family.code for family in model.parameters if family.domain.sums_to_one and family.code in used]
    if not weights or not lines[-1].startswith("return "):
        return lines
    zero = " or ".join(f"not ({name} > 0).all()" for name in weights)
    refusal = f'    raise np.linalg.LinAlgError("the log prior has no value where {" or ".join(weights)} are zero")'
    value = lines[-1].removeprefix("return ")
    return [*lines[:-1], f"value = {value}", f"if np.isnan(value) and ({zero}):", refusal, "return value"]


def _refused(model: Model, family: Family, inside: str, must: str, name: str = "") -> list[str]:
    """Refuse values of a parameter unless all are inside, a condition in parentheses; name: if not that in code."""
    name, axes = name or family.code, model.axes(family)
    error = "np.linalg.LinAlgError"
    if not axes or axes[0].rank is not Rank.COMPONENTS:
        return [f"if not {inside}.all():", *raised(error, f"{name} must {must}: {{{name}}}")]
    places = tuple(range(1, len(axes)))
    where = f"axis={places[0]}" if len(places) == 1 else f"axis={places}"
    passed = f"{inside}.all({where})" if places else inside[1:-1]
    return [
        f"if not {inside}.all():",
        f"    k = int(np.argmin({passed}))",
        *raised(error, f"{name} of component {{k}} must {must}: {{{name}[k]}}"),
    ]


def _of(program: Program, source: str) -> list[Input]:
    return [node for node in program.inputs if node.source == source]
