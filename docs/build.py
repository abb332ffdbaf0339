"""Writes what in the documentation is the program's output.

These are docs/models/, docs/catalogue.md, docs/references.bib, and the blocks of README.md and two guides.
"""

import contextlib
import inspect
import io
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import derive
from derive.cli import main as command
from derive.errors import NoClosedFormError
from derive.language.family import Family, Role
from derive.proof.derivation import Derivation, UpdateEquation
from derive.rendering.references import bibtex

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"<!-- output: (?P<name>.*?) -->\n.*?<!-- end -->", re.DOTALL)
FILE = re.compile(r"<!-- file: (\S+) -->\n```python\n(.*?)```", re.DOTALL)
STEP = re.compile(r"^ +\(\d+\) ", re.MULTILINE)
SHOWN = "gaussian-full"
GUIDE = ROOT / "docs" / "writing-models.md"


def documents() -> dict[Path, str]:
    """Path -> text of every file that this writes."""
    texts = {ROOT / "docs" / "models" / f"{name}.md": _model(name).show("markdown") for name in derive.catalogue()}
    texts[ROOT / "docs" / "references.bib"] = bibtex()
    texts[ROOT / "docs" / "catalogue.md"] = _catalogue()
    for path in (ROOT / "README.md", GUIDE, ROOT / "docs" / "students.md"):
        texts[path] = BLOCK.sub(_filled, path.read_text(encoding="utf-8"))
    return texts


@cache
def _model(name: str) -> derive.Model:
    return derive.load(name)


def _filled(block: re.Match[str]) -> str:
    name = block["name"]
    kind, _, rest = name.partition(" of ")
    if name == "language":
        return f"<!-- output: {name} -->\n{_language()}\n<!-- end -->"
    if name in {"derivation of mu", "generated m_step"}:
        language, text = ("", _mean()) if kind == "derivation" else ("python", _m_step())
    elif kind == "check":
        language, text = "", _checked(rest)
    elif kind == "verify":
        language, text = "", _verified(rest)
    elif kind == "steps":
        section, _, file = rest.partition(" in ")
        language, text = "", _steps(_example(file), *section.split())
    else:
        language, text = "python", _statements(_example(rest))
    return f"<!-- output: {name} -->\n```{language}\n{text}\n```\n<!-- end -->"


def _mean() -> str:
    """The section on the first parameter, as the terminal shows it."""
    shown = _model(SHOWN).show("terminal")
    section = shown[shown.index("M-step for μ_k") : shown.index("M-step for Σ_k")]
    return section.rstrip()


def _m_step() -> str:
    """The generated function, without its docstring."""
    code = _model(SHOWN).generate()
    function = code[code.index("def m_step") : code.index("def log_likelihood")].rstrip()
    return re.sub(r'    """.*?"""\n', "", function, count=1, flags=re.DOTALL)


@contextlib.contextmanager
def _written() -> Iterator[None]:
    """In a folder that holds the model files of the guide."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        for name, text in FILE.findall(GUIDE.read_text(encoding="utf-8")):
            (Path(folder) / name).write_text(text, encoding="utf-8")
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


@cache
def _example(file: str) -> derive.Model:
    with _written():
        model = derive.load(file)
        model.derivation()
    return model


def _verified(file: str) -> str:
    """What the command prints; of lines with rounding errors, which differ between machines, the beginning."""
    out = io.StringIO()
    with _written(), contextlib.redirect_stdout(out):
        command(["verify", file])
    lines = (re.sub(r"  (\S[^,;:]*)[,;:]? .*e-.*", r"  \1 ...", line) for line in out.getvalue().splitlines())
    return "\n".join([f"$ derive verify {file}", *(line.rstrip() for line in lines)])


def _checked(file: str) -> str:
    """What `derive check` prints of a hand-in."""
    out = io.StringIO()
    with contextlib.chdir(ROOT / "docs" / "coursework" / "hand-ins"), contextlib.redirect_stdout(out):
        command(["check", file])
    return "\n".join([f"$ derive check {file}", *(line.rstrip() for line in out.getvalue().splitlines())])


def _steps(model: derive.Model, symbol: str, first: str, last: str) -> str:
    """Steps of the section on a parameter, counted from 1; negative numbers count from the end."""
    shown = model.show("terminal")
    _, _, after = shown.partition(f"M-step for {symbol}\n")
    section = after.split("\n\n")[1]
    starts = [match.start() for match in STEP.finditer(section)]
    boxed = [section.rfind("\n", 0, section.rfind("\n", 0, at)) + 1 for at in starts]
    starts = [b if "\u256d" in section[b:at] else at for at, b in zip(starts, boxed, strict=True)]
    pieces = [section[a:b].rstrip("\n") for a, b in zip(starts, [*starts[1:], len(section)], strict=True)]
    count = len(pieces)
    at = [number - 1 if number > 0 else count + number for number in (int(first), int(last))]
    return "\n".join(line.rstrip() for line in "\n".join(pieces[at[0] : at[1] + 1]).splitlines())


def _statements(model: derive.Model) -> str:
    """The statements of the generated M-step that compute an equation, without its checks."""
    code = model.generate()
    body = code[code.index("def m_step") : code.index("\ndef ", code.index("def m_step"))]
    lines = re.sub(r'    """.*?"""\n', "", body, count=1, flags=re.DOTALL).splitlines()
    return "\n".join(line for line in lines if "  # (" in line or "slope" in line or "return Parameters" in line)


def _language() -> str:
    """Every word that a model file can use: signature, meaning, and an example."""
    rows = ["| word | what it is | example |", "|---|---|---|"]
    others = {"DeriveError", "Model", "Mixture", "catalogue", "load"}
    words = sorted(set(derive.__all__) - others, key=lambda name: (_group(getattr(derive, name)), name.lower()))
    for name in words:
        value = getattr(derive, name)
        text = "The number \u03c0." if name == "PI" else _first_sentence(inspect.getdoc(value) or "")
        example = EXAMPLES.get(name, "")
        signature = name if name == "PI" or (inspect.isclass(value) and name != "Index") else name + _signature(value)
        rows.append(f"| `{signature}` | {text} | {f'`{example}`' if example else ''} |")
    return "\n".join(rows)


def _group(value: object) -> int:
    if inspect.isclass(value):
        return 0 if value is derive.Index else 2
    return 1 if getattr(value, "__name__", "").startswith(tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) else 3


def _signature(value: object) -> str:
    parameters = inspect.signature(value).parameters.values()  # type: ignore[arg-type]
    shown = [f"*{p.name}" if p.kind is p.VAR_POSITIONAL else p.name for p in parameters if p.kind is not p.KEYWORD_ONLY]
    shown += [f"{p.name}=" for p in parameters if p.kind is p.KEYWORD_ONLY]
    return f"({', '.join(shown)})"


def _first_sentence(text: str) -> str:
    return " ".join(text.split("\n\n", maxsplit=1)[0].replace("``", "`").split()).replace("|", "\\|")


EXAMPLES = {
    "Index": 'n, k = Index("n", "N"), Index("k", "K")',
    "Dimension": 'D = Dimension("D")',
    "Data": 'x = Data("x", n, shape=D)',
    "Parameter": 'mu = Parameter("mu", k, shape=D, code="means")',
    "Known": 't = Known("t", n, domain=Positive, code="hours")',
    "AtLeast": 'Data("x", n, domain=AtLeast(1))',
    "Binary": 'Data("x", n, domain=Binary)',
    "Count": 'Data("x", n, domain=Count)',
    "CountUpTo": 'Data("x", n, domain=CountUpTo(Known("t", n, domain=Count)))',
    "Diagonal": 'Parameter("Sigma", k, domain=Diagonal(D))',
    "NonNegative": 'Data("x", n, domain=NonNegative)',
    "OneHot": 'Data("x", n, Index("c", "C"), domain=OneHot)',
    "Positive": 'Parameter("lam", k, domain=Positive)',
    "PositiveDefinite": 'Parameter("Sigma", k, domain=PositiveDefinite(D))',
    "Probability": 'Parameter("theta", k, domain=Probability)',
    "Real": 'Parameter("a", k, domain=Real)',
    "Simplex": 'Parameter("pi", k, domain=Simplex)',
    "Spherical": 'Parameter("Sigma", k, domain=Spherical(D))',
    "Latent": 'Latent("u", domain=Positive)',
    "UnitVector": 'Parameter("w", k, shape=D, domain=UnitVector)',
    "point_mass": "point_mass(c[n], 0)",
    "UnitInterval": 'Data("x", n, domain=UnitInterval)',
    "absolute": "absolute(y[n] - a[k])",
    "atan2": "atan2(a[k], b[k])",
    "bessel_ratio": "bessel_ratio(0, lam[k])",
    "cos": "cos(y[n] - a[k])",
    "diagonal_part": "diagonal_part(Sigma[k])",
    "digamma": "digamma(lam[k])",
    "exp": "exp(a[k])",
    "identity": "identity(D)",
    "inverse": "inverse(Sigma[k])",
    "log": "log(lam[k])",
    "log_bessel_i": "log_bessel_i(0, lam[k])",
    "log_beta": "log_beta(lam[k], 2)",
    "log_binomial": "log_binomial(t[n], c[n])",
    "log_factorial": "log_factorial(c[n])",
    "logdet": "logdet(Sigma[k])",
    "loggamma": "loggamma(lam[k])",
    "ordinal": "a0 + b0*ordinal(k)",
    "outer": "outer(x[n] - mu[k])",
    "PI": "log(2*PI)",
    "polygamma": "polygamma(2, lam[k])",
    "quad": "quad(inverse(Sigma[k]), x[n] - mu[k])",
    "sin": "sin(y[n] - a[k])",
    "sqrt": "sqrt(lam[k])",
    "sum_over": "sum_over(d, log(theta[k, d]))",
    "support": "support(y[n] <= lam[k])",
    "trace": "trace(Sigma[k])",
    "transpose": "transpose(mu[k])",
    "trigamma": "trigamma(lam[k])",
}


def _catalogue() -> str:
    """Two tables on the models of the catalogue: what they are made of, and how their updates are found."""
    fields = ["| model | what it is | data | parameters | known |", "|---|---|---|---|---|"]
    updates = [
        "| model | parameter | update | what shows the maximum | sufficient statistics |",
        "|---|---|---|---|---|",
    ]
    for name in derive.catalogue():
        model = _model(name)
        by_role = {
            role: ", ".join(_field(family) for family in model.mixture.families if family.role is role)
            for role in (Role.DATA, Role.PARAMETER, Role.KNOWN)
        }
        data, parameters, known = by_role.values()
        fields.append(f"| [`{name}`](models/{name}.md) | {model.summary} | {data} | {parameters} | {known} |")
        updates += _updates(name, model)
    return CATALOGUE.format(fields="\n".join(fields), updates="\n".join(updates))


def _field(family: Family) -> str:
    """`code` symbol: shape, domain."""
    sizes = [index.size.name for index in family.indices]
    sizes += [side.name for side in (family.shape.rows, family.shape.cols) if side.name != "1"]
    bound = getattr(family.domain, "bound", None)
    words = family.domain.name + (f"({bound})" if bound is not None else "")
    return f"`{family.code}` = {family.signature}: ({', '.join(sizes)}) {words}"


def _updates(name: str, model: derive.Model) -> list[str]:
    try:
        derivation = model.derivation()
    except NoClosedFormError as error:
        return [f"| `{name}` | | refused | {error} | |"]
    offered = "yes" if derivation.statistics is not None else f"no: {derivation.why_no_statistics}".rstrip(": ")
    return [
        f"| `{name}` | {update.target.key} | {_kind(update)} | {_argument(derivation, update)} | {offered} |"
        for update in derivation.updates
    ]


def _kind(update: UpdateEquation) -> str:
    coordinate = f", given the previous {', '.join(p.key for p in update.previous)}" if update.previous else ""
    return f"{update.kind}{coordinate}"


def _argument(derivation: Derivation, update: UpdateEquation) -> str:
    beside = len(derivation.updates) > 1 and any(other.previous for other in derivation.updates)
    return update.argument + ("; coordinate-wise only" if beside and update.previous else "")


CATALOGUE = """# The catalogue

`make docs` writes this page from the models themselves. `derive show MODEL` prints a derivation, and
[writing-models.md](writing-models.md) says how a model is written.

## Fields, parameterisation and support

A field is its name in code, its symbol, its shape and its domain; that of the data is the support of the density.
Exponential and gamma densities have rates, not scales, where a field is called `rates`; all parameters are those of the
density as written in `derive/models/catalogue/`, not natural parameters.

{fields}

## Updates and maxima

Updates are closed; or a root of an equation, found numerically in a bracket; or lie at a boundary, where no derivative
vanishes; or are steps of Newton's method; one that starts from previous values is a coordinate update (ECM).

The maximum over a parameter is shown by concavity, by the one root of a slope that falls through it, or by the same of
the profile: Q where another parameter has its best value for each value of this one.

{updates}
"""


def main() -> None:
    """Write every file that is not current."""
    for path, text in documents().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
