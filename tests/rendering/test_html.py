"""The page in a browser: formulas typeset without any network, no error, nothing wider than the window."""

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from derive.proof import Derivation
from derive.rendering import render
from tests.rendering.test_listing import CODE

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--enable-logging=stderr",
    "--v=0",
    "--virtual-time-budget=2000",
    "--window-size=1300,1000",
)
VOID = {"meta", "link", "mspace", "br", "hr", "img"}
# Reports what the layout is into the document, to be read from the dumped tree.
PROBE = """<script>
addEventListener("error", e => document.title = "ERROR " + e.message);
addEventListener("load", () => {
  const maths = [...document.querySelectorAll("math")];
  const flat = maths.filter(m => m.getBoundingClientRect().height < 4 || m.getBoundingClientRect().width < 4).length;
  const sums = [...document.querySelectorAll("math[display=block] munderover")];
  const top = e => e.getBoundingClientRect().top;
  const stacked = sums.filter(s => top(s.children[1]) > top(s.children[0]));
  document.body.dataset.probe = JSON.stringify({
    maths: maths.length, flat, sums: sums.length, stacked: stacked.length,
    wide: document.documentElement.scrollWidth > innerWidth,
    clipped: [...document.querySelectorAll(".right")].filter(r => r.scrollWidth > r.clientWidth + 1).length,
    loaded: performance.getEntriesByType("resource").filter(r => !r.name.startsWith("data:")).length,
  });
});
</script>"""


@pytest.fixture(scope="module")
def page(full: Derivation) -> str:
    return render(full, "html", code=CODE, digest="0123456789abcdef")


class Balance(HTMLParser):
    """Notes every end tag that does not close what was opened last."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element closed where it is opened leaves the balance as it was."""

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"{tag} in line {self.getpos()[0]}")


def test_markup_is_balanced(page: str) -> None:
    balance = Balance()
    balance.feed(page)
    assert (balance.wrong, balance.open) == ([], [])


def test_nothing_is_loaded_and_nothing_runs(page: str) -> None:
    assert "http" not in re.sub(r"https?://www\.w3\.org/\S+", "", page)
    assert not re.search(r"<script|@import|url\(|src=", page)


def test_every_equation_has_an_anchor_and_every_link_a_target(page: str, full: Derivation) -> None:
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(set(ids)) == len(ids)
    assert all(f"eq-{step.number}" in ids for step in full.steps)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_text_from_a_model_is_escaped(scalar: Derivation) -> None:
    shown = render(scalar, "html", code="x = '<script>'  # (1) </code>")
    assert "<script>" not in shown
    assert "# <a href" in shown


def test_code_stands_beside_its_equation(page: str) -> None:
    number = page.index('id="eq-26"')
    assert number < page.index("means = responsibilities.T") < page.index('id="eq-27"')


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed (Debian's package chromium)")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_a_browser(page: str, tmp_path: Path, scheme: str) -> None:
    (tmp_path / "page.html").write_text(page.replace("</head>", PROBE + "</head>"), "utf-8")
    dark = ("--blink-settings=preferredColorScheme=0",) if scheme == "dark" else ()
    target = (tmp_path / "page.html").as_uri()
    run = subprocess.run(
        [str(CHROMIUM), *FLAGS, *dark, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", target],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    assert "CONSOLE" not in run.stderr
    assert "<title>ERROR" not in run.stdout
    probe = re.search(r'data-probe="([^"]+)"', run.stdout)
    assert probe is not None
    found = dict(re.findall(r"(\w+)&quot;:(\w+)", probe[1]))
    assert int(found["maths"]) > 200
    assert found["flat"] == "0"
    assert found["stacked"] == found["sums"] != "0"
    assert (found["wide"], found["clipped"], found["loaded"]) == ("false", "0", "0")
