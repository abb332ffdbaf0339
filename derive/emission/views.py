"""What templates see: frozen views of finished strings."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FieldView:
    """A field of a named tuple. words: its symbol, shape and domain."""

    name: str
    words: str
    kind: str = "Array"


@dataclass(frozen=True)
class ClassView:
    """A named tuple of arrays."""

    name: str
    title: str
    fields: tuple[FieldView, ...]


@dataclass(frozen=True)
class FunctionView:
    """A function. signature: from name to return type. doc: docstring lines after the title. body: statements."""

    signature: str
    title: str
    doc: tuple[str, ...]
    body: tuple[str, ...]


@dataclass(frozen=True)
class ModuleView:
    """A module. density: the formula, in lines. header: where the module comes from. constants: assignments."""

    model: str
    title: str
    density: tuple[str, ...]
    header: tuple[str, ...]
    imports: tuple[str, ...]
    constants: tuple[str, ...]
    classes: tuple[ClassView, ...]
    functions: tuple[FunctionView, ...]
