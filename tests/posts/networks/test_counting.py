"""How long a text is, in the ways in which networks count."""

import pytest

from posts.networks import SANDBOXES
from posts.networks.counting import code_points, utf16_units


@pytest.mark.parametrize(
    ("text", "points", "units"),
    [
        ("", 0, 0),
        ("hello", 5, 5),
        ("你好世界", 4, 4),
        ("e\u0301", 1, 2),
        ("\u1112\u1161\u11ab", 1, 3),
        ("👋🏽", 2, 4),
        ("🇩🇪", 2, 4),
        ("❤", 1, 1),
        ("a\u200db", 3, 3),
        ("👨\u200d👩\u200d👧", 5, 8),
    ],
)
def test_a_text_is_counted_in_code_points_and_in_utf16_units(text: str, points: int, units: int) -> None:
    assert code_points(text) == points
    assert utf16_units(text) == units == len(text.encode("utf-16-le")) // 2


def test_the_sandbox_counts_an_accented_letter_once_however_it_was_typed() -> None:
    for network in SANDBOXES.values():
        assert network.length("é") == network.length("e\u0301") == 1
