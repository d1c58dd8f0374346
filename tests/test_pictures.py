"""The documents' pictures show what the program prints today."""

import html
import importlib.util
import re
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "examples" / "make_pictures.py"
spec = importlib.util.spec_from_file_location("make_pictures", SCRIPT)
assert spec is not None
assert spec.loader is not None
make_pictures = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make_pictures)


NAMES = sorted([*make_pictures.PICTURES, *make_pictures.CHARTS, *make_pictures.LIBRARY])


def words(svg: str) -> list[str]:
    """All that a reader of the picture reads; how it is drawn differs by the version of rich."""
    texts = re.findall(r"<text [^>]*>(.*?)</text>", svg, re.DOTALL)
    return html.unescape(" ".join(texts)).split()


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_picture_matches_the_program(name: str) -> None:
    committed = (make_pictures.FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    assert len(words(committed)) > 50
    drawn = words(make_pictures.picture(name))
    assert drawn == words(committed), "run examples/make_pictures.py and look"


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_loads_nothing_from_elsewhere(name: str) -> None:
    committed = (make_pictures.FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    assert "url(" not in committed.replace("url(#", "")
    assert "<script" not in committed
