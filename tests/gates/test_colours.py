"""The colours of `static/css/tokens.css` can be told apart, light and dark (WCAG 2.2, 1.4.3, 1.4.6 and 1.4.11)."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "static/css/tokens.css").read_text()
COLOUR = re.compile(r"--([\w-]+): (#[0-9a-f]{3,6});")

# 7:1 for what is read, 3:1 for what is only seen: borders, the line of progress, the focus.
READ = [
    ("ink", "paper"), ("ink", "paper-raised"), ("ink", "paper-sunk"), ("ink", "accent-wash"), ("ink", "highlight-wash"),
    ("ink", "danger-wash"), ("ink-soft", "paper"), ("ink-soft", "paper-raised"), ("accent", "paper"),
    ("accent", "paper-raised"), ("accent", "paper-sunk"), ("accent", "highlight-wash"), ("on-accent", "accent"),
    ("on-accent", "accent-deep"), ("danger", "paper"), ("danger", "paper-raised"),
]  # fmt: skip
SEEN = [("rule-strong", "paper"), ("rule-strong", "paper-raised"), ("highlight", "paper"), ("focus", "paper")]


def colours(mode: str) -> dict[str, str]:
    light, dark = TOKENS.split("@media (prefers-color-scheme: dark)")
    return dict(COLOUR.findall(light)) | (dict(COLOUR.findall(dark)) if mode == "dark" else {})


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it, 0 (black) to 1 (white)."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(READ, 7), (SEEN, 3)], ids=["read", "seen"])
def test_colours_stand_out(mode, pairs, least):
    shown = colours(mode)
    faint = {f"{a} on {b}": round(contrast(shown[a], shown[b]), 2) for a, b in pairs}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < least} == {}


def test_contrast_is_measured_as_wcag_does():
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
