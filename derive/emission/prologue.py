"""The lines with which a generated function begins: arrays of one dtype, sizes, positive parameters."""

from collections.abc import Iterable

from derive.emission.model import Model
from derive.language.family import Family
from derive.lowering.axis import Axis
from derive.lowering.node import Input
from derive.lowering.program import Program

DATA = "X = _data(X)"


def unpacked(model: Model, program: Program, dtype: str = "X.dtype") -> list[str]:
    """Return the line that takes the parameters apart; those that the program does not use get no name."""
    used = {node.name for node in program.inputs if node.source == "parameter"}
    names = [family.code if family.code in used else "_" for family in model.parameters]
    if not used:
        return []
    left = f"{names[0]}," if len(names) == 1 else ", ".join(names)
    return [f"{left} = (np.asarray(value, dtype={dtype}) for value in parameters)"]


def knowns(model: Model, program: Program, dtype: str = "X.dtype") -> list[str]:
    """Return the lines that convert the known constants that a program uses; every function takes them all."""
    used = [node.name for node in _of(program, "known")]
    unused = [family.code for family in model.knowns if family.code not in used]
    lines = [f"{name} = np.asarray({name}, dtype={dtype})" for name in used]
    return [*([f"del {', '.join(unused)}  # not needed here"] if unused else []), *lines]


def previous(model: Model, program: Program) -> tuple[list[str], set[str]]:
    """Return the lines that give previous parameters a value, and the sizes that these need."""
    used = [node.name for node in _of(program, "previous")]
    families = [family for family in model.parameters if f"previous_{family.code}" in used]
    if not families:
        return ["del previous  # every update is in closed form"], set()
    sizes = {axis.size for family in families for axis in model.axes(family)}
    lines = ["if previous is None:  # a start: identity matrices, ones for positive numbers, else zeros"]
    lines += [f"    previous_{family.code} = {_start(model, family)}" for family in families]
    lines += ["else:"]
    lines += [f"    previous_{family.code} = np.asarray(previous.{family.code}, dtype=X.dtype)" for family in families]
    return lines, sizes


def _start(model: Model, family: Family) -> str:
    axes = model.axes(family)
    sizes = [axis.size for axis in axes]
    text = f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(sizes)})"
    side = family.domain.side
    if side is not None and len(axes) == len(family.indices) + 2:
        return f"np.broadcast_to(np.eye({side}, dtype=X.dtype), {text})"
    return f"np.{'ones' if family.domain.nonnegative else 'zeros'}({text}, dtype=X.dtype)"


def sizes(wanted: set[str], arrays: Iterable[tuple[str, tuple[Axis, ...]]]) -> list[str]:
    """Return the lines that bind sizes, each from the first array that has it."""
    lines: list[str] = []
    found: set[str] = set()
    for name, axes in arrays:
        for place, axis in enumerate(axes):
            if axis.size in wanted and axis.size not in found:
                found.add(axis.size)
                lines.append(
                    f"{axis.size} = len({name})" if place == 0 else f"{axis.size}: int = {name}.shape[{place}]"
                )
    return lines


def positive(model: Model, program: Program) -> list[str]:
    """Return the lines that refuse a parameter that is not positive, naming the component."""
    used = {node.name for node in program.inputs}
    lines: list[str] = []
    for family in model.checked_positive():
        if family.code not in used:
            continue
        lines += [f"if not ({family.code} > 0).all():"]
        if family.indices:
            rest = tuple(range(1, len(model.axes(family))))
            passed = f"({family.code} > 0).all(axis={rest[0]})" if rest else f"{family.code} > 0"
            message = f"{family.code} of component {{k}} must be positive: {{{family.code}[k]}}"
            lines += [f"    k = int(np.argmin({passed}))", f'    raise np.linalg.LinAlgError(f"{message}")']
        else:
            lines += [f'    raise np.linalg.LinAlgError(f"{family.code} must be positive: {{{family.code}}}")']
    return lines


def _of(program: Program, source: str) -> list[Input]:
    return [node for node in program.inputs if node.source == source]
