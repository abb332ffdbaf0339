"""Long signatures, calls and dictionaries, broken at their arguments."""

WIDTH = 120
INDENT = "    "


def fitted_signature(signature: str) -> str:
    """Return ``name(arguments) -> type`` as it stands behind ``def``, over several lines where it is too long."""
    return signature if len(f"def {signature}:") <= WIDTH else "\n".join(_broken(signature, ""))


def fitted_call(statement: str, tail: str = "") -> list[str]:
    """Return a statement in a function's body, broken inside its first call where it is too long; tail: a comment."""
    if len(INDENT + statement + tail) <= WIDTH:
        return [statement + tail]
    return _broken(statement, tail)


def raised(error: str, message: str) -> list[str]:
    """Return the statement that raises an error with an f-string, in the body of an ``if`` of a function."""
    line = f'{INDENT}raise {error}(f"{message}")'
    if len(INDENT + line) <= WIDTH:
        return [line]
    return [f"{INDENT}raise {error}(", f'{INDENT * 2}f"{message}"', f"{INDENT})"]


def fitted_constant(statement: str) -> str:
    """Return the assignment of a dictionary, an entry a line where it is too long."""
    if len(statement) <= WIDTH or not statement.endswith("}"):
        return statement
    head, entries = statement[:-1].split("{", 1)
    return "\n".join([f"{head}{{", *(f"{INDENT}{entry}," for entry in _arguments(entries)), "}"])


def _broken(text: str, tail: str) -> list[str]:
    start, end = _parentheses(text)
    inner, rest = text[start + 1 : end], text[end:]
    if len(INDENT * 2 + inner) <= WIDTH:
        return [text[: start + 1], INDENT + inner, rest + tail]
    return [text[: start + 1], *(f"{INDENT}{argument}," for argument in _arguments(inner)), rest + tail]


def _parentheses(text: str) -> tuple[int, int]:
    """The places of the first opening parenthesis and of the one that closes it."""
    start, depth = text.index("("), 0
    for at in range(start, len(text)):
        depth += (text[at] == "(") - (text[at] == ")")
        if depth == 0:
            return start, at
    raise ValueError(f"unbalanced parentheses: {text}")


def _arguments(inner: str) -> list[str]:
    """Split at the commas that stand in no bracket."""
    depth, parts = 0, [""]
    for char in inner:
        depth += (char in "([{") - (char in ")]}")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts]
