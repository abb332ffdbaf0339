"""A kernel that several threads use at once finds what one alone finds."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from derive.runtime.kernel import Kernel, featured, quadratic
from tests.catalogue.example import module


@pytest.mark.parametrize(
    ("name", "strategy"), [("gaussian-full", "auto"), ("gaussian-full", "whitened"), ("gaussian-tied", "auto")]
)
@pytest.mark.parametrize("is_held", [False, True])
def test_threads_may_share_a_kernel(name: str, strategy: str, is_held: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(featured, "block_size", lambda *_: 64)
    monkeypatch.setattr(quadratic, "LONGEST", 64)
    rng = np.random.default_rng(0)
    code = module(name)
    tables = [rng.normal(size=(3000, 2)) + place for place in range(4)]
    start = code.m_step(tables[0], rng.dirichlet([1.0, 2.0], size=3000))
    expected = [Kernel(code, threads=1, strategy="centred").em_step(X, start)[1] for X in tables]
    shared = Kernel(code, threads=1, strategy=strategy)

    def values(at: int) -> set[float]:
        found = set()
        for _ in range(8):
            shared.hold(tables[at] if is_held else None)
            found.add(shared.em_step(tables[at], start)[1])
        return found

    with ThreadPoolExecutor(4) as pool:
        for value, found in zip(expected, pool.map(values, range(4)), strict=True):
            np.testing.assert_allclose(sorted(found), value, rtol=1e-12)
