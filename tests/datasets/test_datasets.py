"""The shipped data are those of the source."""

import numpy as np
import pytest

from derive import datasets
from derive.errors import InputError
from derive.runtime.read import read_data


def test_old_faithful_has_its_known_size_and_means() -> None:
    data = datasets.load_faithful()
    assert data.shape == (272, 2)
    np.testing.assert_allclose(data.mean(axis=0), [3.48778309, 70.89705882], rtol=1e-8)


def test_the_file_reads_as_any_users_file_does() -> None:
    table = read_data(datasets.path("faithful"))
    assert table.columns == ("eruptions", "waiting")
    np.testing.assert_array_equal(table.values, datasets.load_faithful())


@pytest.mark.parametrize("name", ["faithfull", "", "../errors", "faithful.csv"])
def test_an_unknown_name_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="there is: faithful"):
        datasets.path(name)
