"""The README's pictures: there, shown, and small."""

import random

import pytest
from django.conf import settings
from PIL import Image

from demo.tour import postcards
from demo.tour.stops import every

FOLDER = settings.BASE_DIR / "docs" / "images"


def test_each_is_there_small_and_in_the_readme():
    words = (settings.BASE_DIR / "README.md").read_text("utf-8")
    for name in postcards.CARDS.values():
        assert (FOLDER / name).stat().st_size <= postcards.LARGEST_BYTES, name
        assert f"](docs/images/{name})" in words


def test_each_is_a_stop_of_the_tour():
    assert len(postcards.wanted(every())) == len(postcards.CARDS) == 4


def noise(path):
    Image.frombytes("RGB", (200, 200), random.Random(1).randbytes(120_000)).save(path)


def test_a_picture_is_squeezed_until_it_fits(tmp_path):
    noise(tmp_path / "x.png")
    before = (tmp_path / "x.png").stat().st_size
    postcards.squeeze(tmp_path / "x.png", largest=before // 3)
    assert (tmp_path / "x.png").stat().st_size <= before // 3


def test_a_picture_that_cannot_fit_is_refused(tmp_path):
    noise(tmp_path / "x.png")
    with pytest.raises(postcards.Unfit):
        postcards.squeeze(tmp_path / "x.png", largest=1000)
