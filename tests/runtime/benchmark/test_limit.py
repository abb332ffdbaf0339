"""The limit's formula on planted rates, and the rates themselves."""

import math

import pytest

from derive.runtime.benchmark.rates import Rates, measure


def test_what_is_computed_limits_where_it_takes_longer_than_reading() -> None:
    rates = Rates(flops=1e9, exponential=2e-9, read=1e12)
    # 4 · 1000 · 7 · 3 flops take 84 µs, 3000 exponentials 6 µs.
    assert rates.limit(size=40_000, samples=1000, components=3, features=7) == pytest.approx(90e-6, rel=1e-12)


def test_reading_limits_where_it_takes_longer() -> None:
    rates = Rates(flops=1e15, exponential=1e-15, read=1e6)
    assert rates.limit(size=40_000, samples=1000, components=3, features=7) == pytest.approx(0.04, rel=1e-12)


@pytest.mark.parametrize("size", ["samples", "components", "features"])
def test_twice_the_work_takes_twice_the_time_where_products_dominate(size: str) -> None:
    rates = Rates(flops=1e9, exponential=0, read=math.inf)
    once = {"samples": 11, "components": 5, "features": 7}
    assert rates.limit(size=1, **(once | {size: 2 * once[size]})) == pytest.approx(2 * rates.limit(size=1, **once))


def test_measured_rates_are_positive_numbers() -> None:
    rates = measure()
    assert all(0 < value < math.inf for value in (rates.flops, rates.exponential, rates.read))
