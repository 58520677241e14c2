"""A chart of weeks: what is drawn where, in any script, quickly enough for a page."""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from monitor.charts import DARK, ChartWeek, ChartWords, to_png, to_svg, weekly_chart

WORDS = ChartWords("Net sentiment", "Mentions")


def weeks(count: int = 12, label: str = "{} Nov") -> list[ChartWeek]:
    return [
        ChartWeek(
            label.format(i + 1),
            10.0 * (i % 5) - 15,
            10.0 * (i % 5) - 30,
            10.0 * (i % 5),
            4 + i,
            3,
            9,
        )
        for i in range(count)
    ]


def texts(svg: str) -> list[str]:
    return [
        "".join(node.itertext())
        for node in ElementTree.fromstring(svg).iter()
        if node.tag.endswith("text")
    ]


def marks(svg: str, kind: str) -> list[str]:
    """Labels of the drawn marks of that kind, as a screen reader hears them."""
    return [
        node.attrib["aria-label"]
        for node in ElementTree.fromstring(svg).iter()
        if node.attrib.get("aria-roledescription") == kind
    ]


def test_titles_weeks_and_signed_numbers_stand_on_it() -> None:
    shown = texts(to_svg(weekly_chart(weeks(), WORDS)))
    assert {"Net sentiment", "Mentions", "12 Nov", "10 Nov", "+20", "\u221220", "0"} <= set(shown)
    assert "11 Nov" not in shown


def test_a_week_without_mentions_keeps_its_place_in_both_panels() -> None:
    some = weeks()
    some[4] = ChartWeek("5 Nov", None, None, None, 0, 0, 0)
    spec = weekly_chart(some, WORDS)
    domains = [x["scale"]["domain"] for x in _encodings(spec, "x")]
    assert domains
    assert all(domain == [week.label for week in some] for domain in domains)
    assert len(marks(to_svg(spec), "point")) == 11


def _encodings(node: Any, channel: str) -> list[dict[str, Any]]:
    if isinstance(node, list):
        return [found for item in node for found in _encodings(item, channel)]
    if not isinstance(node, dict):
        return []
    here = [node["encoding"][channel]] if channel in node.get("encoding", {}) else []
    return here + [found for item in node.values() for found in _encodings(item, channel)]


def test_a_partial_week_is_hollow_and_an_alert_is_marked() -> None:
    some = weeks()
    plain = to_svg(weekly_chart(some, WORDS))
    some[3] = replace(some[3], is_partial=True)
    some[7] = replace(some[7], has_alert=True)
    svg = to_svg(weekly_chart(some, WORDS))
    # The line has one symbol a week; the alert adds one.
    assert len(marks(plain, "point")) == 12
    assert len(marks(svg, "point")) == 13
    hollow = [
        node
        for node in ElementTree.fromstring(svg).iter()
        if node.attrib.get("aria-roledescription") == "bar" and "4 Nov" in node.attrib["aria-label"]
    ]
    assert hollow
    assert all(node.attrib["fill"] == "#ffffff" and node.attrib["stroke"] for node in hollow)


def test_persian_time_runs_from_right_to_left() -> None:
    digits = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
    words = ChartWords(
        "خالص احساس",
        "شمار نظرها",
        right_to_left=True,
        signed=lambda n: f"{n:+}".translate(digits),
        count=lambda n: str(n).translate(digits),
    )
    svg = to_svg(weekly_chart(weeks(label="{} آبان"), words))
    shown = texts(svg)
    assert any("خالص احساس" in text for text in shown)
    assert "+۲۰" in shown
    positions = {
        "".join(node.itertext()).strip("\u200f"): float(
            node.attrib["transform"].removeprefix("translate(").split(",")[0]
        )
        for node in ElementTree.fromstring(svg).iter()
        if node.tag.endswith("text") and "آبان" in "".join(node.itertext())
    }
    assert positions["12 آبان"] < positions["2 آبان"]


def test_hostile_labels_are_text() -> None:
    some = [replace(week, label=f"<b>&'\"{i}") for i, week in enumerate(weeks())]
    shown = texts(to_svg(weekly_chart(some, ChartWords("<script>", "'};alert(1)//"))))
    assert "<script>" in shown
    assert "'};alert(1)//" in shown
    assert "<b>&'\"11" in shown


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_to_draw_is_drawn_as_nothing(count: int) -> None:
    empty = [ChartWeek("1 Nov", None, None, None, 0, 0, 0)] * count
    assert to_png(weekly_chart(empty, WORDS)).startswith(b"\x89PNG")


def pixels(png: bytes) -> tuple[int, int]:
    """Width and height, after every chunk and its checksum was read."""
    at, data = 8, b""
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        body = png[at + 4 : at + 8 + length]
        assert struct.unpack_from(">I", png, at + 8 + length)[0] == zlib.crc32(body)
        data += body[4:] if body[:4] == b"IDAT" else b""
        at += 12 + length
    width, height = struct.unpack(">II", png[16:24])
    assert len(zlib.decompress(data)) == height * (1 + 4 * width)
    return width, height


def test_the_picture_is_sound_sharp_and_small() -> None:
    png = to_png(weekly_chart(weeks(), WORDS))
    width, height = pixels(png)
    assert width > 2 * 450
    assert height > 2 * 210
    assert len(png) < 80_000


def test_letters_of_four_languages_leave_ink() -> None:
    """A font without a script draws boxes of one shape: different words would look the same."""
    pictures = {
        text: to_png(weekly_chart(weeks(3), ChartWords(text, "", right_to_left=text[0] > "ث")))
        for text in ("Жалоба", "Хвалба", "Žaloba", "شکایت", "رضایت", "Praise")
    }
    assert len(set(pictures.values())) == len(pictures)


def test_dark_readers_get_a_dark_picture() -> None:
    assert DARK.paper in to_svg(weekly_chart(weeks(), WORDS, palette=DARK))


def test_nothing_is_loaded_before_a_chart_is_drawn() -> None:
    code = (
        "import sys, monitor.charts, monitor.digest.render, monitor.digest.mail;"
        "print([name for name in ('altair', 'vl_convert', 'css_inline') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
