"""The colours of the HTML form: whoever sees little contrast can read it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crossaccount.audit import html_form

PAGE = Path(html_form.__file__).with_name("page")
TEXTS = ("ink", "quiet", "accent", "high", "medium", "low", "note", "read", "write", "invoke", "permissions")
GROUNDS = ("ground", "surface", "accent-soft")


def palettes():
    """Each block of colours of the style: light, dark by the switch, dark by the system, paper."""
    text = "".join((PAGE / name).read_text("utf-8") for name in ("colours.css", "print.css"))
    blocks = re.findall(r"\{([^{}]*--ground:[^{}]*)\}", text)
    return [dict(re.findall(r"--([\w-]+): (#\w+);", block)) for block in blocks]


def luminance(colour):
    """Of a colour, as WCAG 2 defines it."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * each for each in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """Between two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("number", range(4))
def test_every_text_is_readable_on_every_ground(number) -> None:
    """A contrast of at least 4.5 to 1, as WCAG 2 asks at level AA."""
    palette = palettes()[number]
    faint = {
        (text, ground): round(found, 2)
        for text in TEXTS
        for ground in GROUNDS
        if (found := contrast(palette[text], palette[ground])) < 4.5
    }

    assert faint == {}
    assert contrast(palette["surface"], palette["high"]) >= 4.5
    assert contrast(palette["high"], palette["high-soft"]) >= 4.5
    assert contrast(palette["quiet"], palette["sunken"]) >= 4.5


def test_dark_is_the_same_by_the_switch_and_by_the_system() -> None:
    """The two blocks say the same."""
    _, by_switch, by_system, _ = palettes()

    assert by_switch == by_system
