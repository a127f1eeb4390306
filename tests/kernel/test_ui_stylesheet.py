import gzip
import re

import pytest
from django.test import Client

from kernel.ui import stylesheet


def test_the_stylesheet_is_one_file_cached_for_good_under_its_digest(client: Client) -> None:
    answer = client.get(stylesheet.stylesheet_url())
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer["Cache-Control"]
    packed = client.get(stylesheet.stylesheet_url(), headers={"accept-encoding": "gzip"})
    assert gzip.decompress(packed.content) == answer.content
    assert len(packed.content) < 25_000


def test_another_digest_is_not_answered_with_todays_styles(client: Client) -> None:
    assert client.get("/ui/0123456789abcdef.css").status_code == 404


def test_every_file_lies_in_a_layer_and_none_is_left_out() -> None:
    joined = stylesheet.stylesheet().body.decode()
    assert joined.startswith("@layer tokens, base, layout, components, pages, elder, print;")
    paths = stylesheet.files()
    assert {path.stem for path in stylesheet.FOLDER.glob("*.css")} <= {path.stem for path in paths}
    for path in paths:
        text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S).strip()
        assert re.match(r"@layer (tokens|base|layout|components|pages|elder|print) \{", text), path.name
        assert text.count("{") == text.count("}"), path.name


def test_a_change_of_a_file_changes_the_address(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in stylesheet.FOLDER.glob("*.css"):
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")
    monkeypatch.setattr(stylesheet, "FOLDER", tmp_path)
    before = stylesheet._join().digest
    (tmp_path / "card.css").write_text("@layer components { .card { color: red; } }", "utf-8")
    assert stylesheet._join().digest != before


def test_no_colour_outside_the_tokens() -> None:
    for path in stylesheet.files():
        if path.stem in ("tokens", "elder", "print"):
            continue
        rules = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S)
        rules = re.sub(r"\.mark-[^}]+\}", "", rules)  # the seal of the product keeps its colours in the dark
        rules = rules.replace("#fff;", "")  # a QR code is read on white in either theme
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b", rules), path.name


PAIRS = [
    *[
        (text, ground)
        for text in ("ink", "ink-soft", "celadon", "vermilion", "amber")
        for ground in ("paper", "surface")
    ],
    *[("ink", wash) for wash in ("celadon-wash", "amber-wash", "vermilion-wash", "blue-wash", "sunken")],
    ("ink-soft", "sunken"),
    ("ink-soft", "amber-wash"),
    ("celadon", "celadon-wash"),
    ("celadon-deep", "celadon-wash"),
    ("vermilion", "vermilion-wash"),
    ("amber", "amber-wash"),
    ("blue", "blue-wash"),
    ("on-celadon", "celadon"),
    ("on-celadon", "celadon-deep"),
    ("on-vermilion", "vermilion"),
    ("seal", "surface"),
    ("celadon", "amber-wash"),
    ("vermilion", "amber-wash"),
]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(text: str, ground: str, theme: int) -> None:
    colours = tokens()
    assert contrast(colours[text][theme], colours[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_edges_of_inputs_stand_out(theme: int) -> None:
    colours = tokens()
    assert contrast(colours["line-strong"][theme], colours["surface"][theme]) >= 3


def tokens() -> dict[str, tuple[str, str]]:
    text = (stylesheet.FOLDER / "tokens.css").read_text("utf-8")
    found = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", text)
    assert len(found) > 15
    return {name: (light, dark) for name, light, dark in found}


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
