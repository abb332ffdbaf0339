"""What a file's text says about its functions: names in their returns, what is unpacked, attributes that methods use.

The text is parsed, never run; these are hints only, and a file that cannot be parsed has none.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

_LARGEST = 1 << 19  # bytes of a file that is parsed


@dataclass(frozen=True)
class Hints:
    """Of one function. returned: the names of what it returns, in order, "" where an element is no name.

    unpacked: of a parameter, the names that it is unpacked to, or that it is indexed by ("[" then the key), or the
    attributes that are read ("." then the name). loaded, stored: attributes of self.
    """

    returned: tuple[str, ...] = ()
    unpacked: dict[str, tuple[str, ...]] = field(default_factory=dict)
    loaded: tuple[str, ...] = ()
    stored: tuple[str, ...] = ()


def read(source: bytes) -> dict[str, Hints]:
    """Hints by the path of a function: "m_step", "GMM.m_step"."""
    if len(source) > _LARGEST:
        return {}
    try:
        tree = ast.parse(source)
        return dict(_functions(tree))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}


def _functions(tree: ast.Module) -> Iterator[tuple[str, Hints]]:
    everywhere: dict[str, tuple[str, ...]] = {}
    found = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            found.append((node.name, node))
        elif isinstance(node, ast.ClassDef):
            found += [(f"{node.name}.{part.name}", part) for part in node.body if isinstance(part, ast.FunctionDef)]
    hints = []
    for path, function in found:
        unpacked = _unpacked(function)
        everywhere |= {name: value for name, value in unpacked.items() if name not in everywhere}
        loaded, stored = _attributes(function) if "." in path else ((), ())
        hints.append((path, _returned(function), unpacked, loaded, stored))
    for path, returned, unpacked, loaded, stored in hints:
        yield path, Hints(returned, everywhere | unpacked, loaded, stored)


def _returned(function: ast.FunctionDef) -> tuple[str, ...]:
    """Names in the last return that has a value."""
    values = [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value is not None]
    if not values:
        return ()
    last = max(values, key=lambda value: value.lineno)
    return tuple(_flat(last))


def _flat(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.Tuple | ast.List):
        for part in value.elts:
            yield from _flat(part)
    elif isinstance(value, ast.Name):
        yield value.id
    elif isinstance(value, ast.Attribute):
        yield value.attr
    else:  # np.array(mus), mu.T, resp / resp.sum(): the first name in it
        names = [node.id for node in ast.walk(value) if isinstance(node, ast.Name) and node.id not in {"np", "numpy"}]
        yield names[0] if names else ""


def _unpacked(function: ast.FunctionDef) -> dict[str, tuple[str, ...]]:
    parameters = {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
    found: dict[str, tuple[str, ...]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id in parameters:
            target = node.targets[0]
            if isinstance(target, ast.Tuple) and all(isinstance(part, ast.Name) for part in target.elts):
                found[node.value.id] = tuple(_flat(target))
        elif isinstance(node, ast.Subscript | ast.Attribute):
            owner = node.value
            if not (isinstance(owner, ast.Name) and owner.id in parameters):
                continue
            if isinstance(node, ast.Attribute):
                found[owner.id] = (*found.get(owner.id, ()), f".{node.attr}")
            elif isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
                found[owner.id] = (*found.get(owner.id, ()), f"[{node.slice.value}")
    return found


def _attributes(function: ast.FunctionDef) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Attributes of self that are read, and those that are written, also by index."""
    own = function.args.args[0].arg if function.args.args else ""
    loaded: dict[str, None] = {}
    stored: dict[str, None] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == own:
            (stored if isinstance(node.ctx, ast.Store) else loaded)[node.attr] = None
        if (
            isinstance(node, ast.Subscript)
            and isinstance(node.ctx, ast.Store)
            and isinstance(node.value, ast.Attribute)
        ):
            inner = node.value
            if isinstance(inner.value, ast.Name) and inner.value.id == own:
                stored[inner.attr] = None
    return tuple(loaded), tuple(stored)
