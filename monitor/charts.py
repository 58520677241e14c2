"""Twelve weeks as one picture: SVG for the page, PNG for mail, drawn here and offline.

All words and digits come from the caller, in the reader's language. Altair and vl-convert are
imported when a chart is drawn, so that nothing else pays for them.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

FONTS = "Liberation Sans, DejaVu Sans, Arial, sans-serif"
"""Of the fonts that vl-convert brings along; DejaVu where the system has only that."""

PERSIAN_FONTS = "Vazirmatn, DejaVu Sans, Tahoma, sans-serif"
"""The first that is installed must hold letters, digits and the minus sign: for a missing sign the
renderer takes any face at all, often a bold italic one. Noto Sans Arabic lacks Latin and signs."""

WIDTH = 450
"""Points: a mail shows the chart wider on a desk and narrower on a phone, legible on both."""

_KINDS = ("negative", "neutral", "positive", "unscored")
_RIGHT_TO_LEFT_MARK = "\u200f"


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of a chart, all opaque: vl-convert's PNGs lose the hue of a translucent dot."""

    paper: str
    ink: str
    grid: str
    zero: str
    line: str
    band: str
    negative: str
    neutral: str
    positive: str
    unscored: str


# Red-orange and blue-green stay apart for readers who do not tell red from green.
LIGHT = Palette(
    paper="#ffffff",
    ink="#5d6473",
    grid="#e8eaee",
    zero="#aab0bc",
    line="#3568b0",
    band="#dbe6f5",
    negative="#d2603f",
    neutral="#c3c8d1",
    positive="#2b978a",
    unscored="#e6e8ec",
)
DARK = Palette(
    paper="#1b1f26",
    ink="#a9b1be",
    grid="#2c323c",
    zero="#565e6b",
    line="#7fabea",
    band="#27374f",
    negative="#e07a5b",
    neutral="#5c6573",
    positive="#3fae9f",
    unscored="#333a45",
)


@dataclass(frozen=True, slots=True)
class ChartWeek:
    """One week as drawn; net sentiment and its 95 % interval are -100..100, None: no score."""

    label: str
    """Under the axis, unique in its chart: `16 Nov`."""
    net: float | None
    low: float | None
    high: float | None
    negative: int
    neutral: int
    positive: int
    unscored: int = 0
    is_partial: bool = False
    has_alert: bool = False


def _signed(number: int) -> str:
    return f"{number:+,}".replace("-", "\u2212") if number else "0"


@dataclass(frozen=True, slots=True)
class ChartWords:
    """The panel titles, how numbers are written, and whether time runs from right to left."""

    sentiment: str
    mentions: str
    right_to_left: bool = False
    signed: Callable[[int], str] = field(default=_signed)
    count: Callable[[int], str] = field(default="{:,}".format)


def weekly_chart(
    weeks: Sequence[ChartWeek],
    words: ChartWords,
    *,
    palette: Palette = LIGHT,
    width: int = WIDTH,
    height: int = 210,
) -> dict[str, Any]:
    """A Vega-Lite spec: net sentiment with its interval above, mentions by label below.

    A partial week is a hollow point over hollow bars (on the ground where it has no mention), an
    alert a triangle on the upper edge, and a week with nothing scored a gap in the line. `width`
    and `height` are points, without axes.
    """
    alt = _altair()

    x = _x(weeks, words)
    upper = _sentiment(weeks, words, palette, x).properties(width=width, height=height * 0.62)
    lower = _mentions(weeks, words, palette, x).properties(width=width, height=height * 0.38)
    axis = alt.AxisConfig(
        labelColor=palette.ink,
        labelFontSize=12,
        domain=False,
        ticks=False,
        gridColor=palette.grid,
        title=None,
        labelPadding=6,
    )
    # The same room for both panels' numbers keeps their weeks under each other.
    axis_y = alt.AxisConfig(minExtent=34, maxExtent=34)
    title = alt.TitleConfig(
        color=palette.ink,
        fontSize=13,
        fontWeight="normal",
        anchor="end" if words.right_to_left else "start",
        offset=8,
    )
    chart = alt.vconcat(upper, lower, spacing=14).configure(
        font=PERSIAN_FONTS if words.right_to_left else FONTS,
        background=palette.paper,
        padding=5,
        view=alt.ViewConfig(stroke=None),
        axis=axis,
        axisY=axis_y,
        title=title,
    )
    return dict(chart.to_dict())


def to_svg(spec: dict[str, Any]) -> str:
    """The chart as SVG with text as text: the reader's own fonts shape it."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))


def to_png(spec: dict[str, Any], scale: float = 2.0) -> bytes:
    """The chart as PNG bytes, with Persian and Cyrillic shaped by the fonts of this machine."""
    import vl_convert

    return _packed(bytes(vl_convert.vegalite_to_png(spec, scale=scale, allowed_base_urls=[])))


def _altair() -> Any:
    """Altair, untyped: its signatures refuse the keyword arguments that its marks document."""
    import altair

    return altair


def _packed(png: bytes) -> bytes:
    """The same picture in a third of the bytes: the renderer deflates for speed, not size.

    A PNG is an 8-byte mark and chunks of (length, type, data, CRC); only IDAT is rewritten.
    """
    head, data, tail, at = bytearray(png[:8]), bytearray(), bytearray(), 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        chunk = png[at : at + 12 + length]
        if chunk[4:8] == b"IDAT":
            data += chunk[8:-4]
        else:
            (tail if data else head).extend(chunk)
        at += len(chunk)
    body = b"IDAT" + zlib.compress(zlib.decompress(bytes(data)), 9)
    size, crc = struct.pack(">I", len(body) - 4), struct.pack(">I", zlib.crc32(body))
    return bytes(head) + size + body + crc + bytes(tail)


def _directed(text: str, words: ChartWords) -> str:
    # The PNG renderer lays a text out from left to right unless its first letter says otherwise.
    mark = _RIGHT_TO_LEFT_MARK
    return f"{mark}{text}{mark}" if words.right_to_left else text


def _x(weeks: Sequence[ChartWeek], words: ChartWords) -> Any:
    alt = _altair()

    labels = [_directed(week.label, words) for week in weeks]
    # Every second label, counted from the newest, which is the one a reader looks for.
    shown = labels[::-1][::2]
    return alt.X(
        "label:O",
        sort=labels,
        # A domain of its own keeps a week without any mention in its place, in both panels.
        scale=alt.Scale(
            domain=labels, reverse=words.right_to_left, paddingInner=0.35, paddingOuter=0.2
        ),
        axis=alt.Axis(values=shown, labelAngle=0, grid=False, labelOverlap=False, labelLimit=0),
    )


def _y_axis(ticks: Sequence[int], write: Callable[[int], str], words: ChartWords) -> Any:
    """An axis at exactly these ticks, in the reader's digits, on the side where reading starts."""
    alt = _altair()

    texts = ", ".join(f"'{tick}': '{write(tick)}'" for tick in ticks)
    side = "right" if words.right_to_left else "left"
    return alt.Axis(values=list(ticks), orient=side, labelExpr=f"({{{texts}}})[datum.value]")


def _sentiment(weeks: Sequence[ChartWeek], words: ChartWords, palette: Palette, x: Any) -> Any:
    alt = _altair()

    rows = [
        {
            "label": _directed(week.label, words),
            "net": week.net,
            "low": week.low,
            "high": week.high,
            "partial": week.is_partial,
            "alert": week.has_alert,
        }
        for week in weeks
    ]
    lowest, highest = _range(weeks)
    step = 50 if highest - lowest > 90 else 20
    ticks = [tick for tick in range(-100, 101, step) if lowest <= tick <= highest]
    scale = alt.Scale(domain=[lowest, highest], nice=False)
    y = alt.Y("net:Q", scale=scale, axis=_y_axis(ticks, words.signed, words))
    x = x.copy()
    x.axis = None
    base = alt.Chart(alt.Data(values=rows)).encode(x=x)
    interval = {"y": alt.Y("low:Q", scale=scale), "y2": "high:Q"}
    zero = alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color=palette.zero)
    point = {"size": 54, "opacity": 1}
    layers = [
        # Whiskers with the band: a week between two gaps has an interval, but no band.
        base.mark_rule(color=palette.band, strokeWidth=5).encode(**interval),
        base.mark_area(color=palette.band).encode(**interval),
        zero.encode(y=alt.Y("zero:Q", scale=scale)),
        base.mark_line(color=palette.line, strokeWidth=2.2).encode(y=y),
        base.transform_filter("!datum.partial")
        .mark_point(filled=True, color=palette.line, **point)
        .encode(y=y),
        base.transform_filter("datum.partial && datum.net !== null")
        .mark_point(fill=palette.paper, stroke=palette.line, strokeWidth=2, **point)
        .encode(y=y),
        base.transform_filter("datum.alert")
        .mark_point(
            filled=True,
            shape="triangle-down",
            color=palette.negative,
            size=85,
            opacity=1,
            yOffset=-8,
        )
        .encode(y=alt.value(0)),
    ]
    return alt.layer(*layers).properties(title=_directed(words.sentiment, words))


def _mentions(weeks: Sequence[ChartWeek], words: ChartWords, palette: Palette, x: Any) -> Any:
    alt = _altair()

    rows = [
        {
            "label": _directed(week.label, words),
            "kind": kind,
            "order": order,
            "count": getattr(week, kind),
            "partial": week.is_partial,
        }
        for week in weeks
        for order, kind in enumerate(_KINDS)
        if getattr(week, kind)
    ]
    most = max(map(_total, weeks), default=0)
    ticks = _count_ticks(most)
    y = alt.Y(
        "count:Q",
        stack=True,
        axis=_y_axis(ticks, words.count, words),
        scale=alt.Scale(domain=[0, max(most, 1)], nice=False),
    )
    colours = alt.Scale(domain=list(_KINDS), range=[getattr(palette, kind) for kind in _KINDS])
    base = alt.Chart(alt.Data(values=rows)).encode(x=x, y=y, order=alt.Order("order:Q"))
    full = base.transform_filter("!datum.partial").mark_bar()
    hollow = base.transform_filter("datum.partial").mark_bar(fill=palette.paper, strokeWidth=1.5)
    gaps = [{"label": _directed(w.label, words)} for w in weeks if w.is_partial and not _total(w)]
    unknown = (
        alt.Chart(alt.Data(values=gaps))
        .mark_point(fill=palette.paper, stroke=palette.negative, strokeWidth=2, size=54, opacity=1)
        .encode(x=x)
    )
    return alt.layer(
        full.encode(color=alt.Color("kind:N", scale=colours, legend=None)),
        hollow.encode(stroke=alt.Stroke("kind:N", scale=colours, legend=None)),
        unknown.encode(y=alt.value("height")),
    ).properties(title=_directed(words.mentions, words))


def _total(week: ChartWeek) -> int:
    return week.negative + week.neutral + week.positive + week.unscored


def _range(weeks: Sequence[ChartWeek]) -> tuple[float, float]:
    """Lowest and highest value shown: the intervals, zero, and at least 40 points between them."""
    lows = [week.low for week in weeks if week.low is not None]
    highs = [week.high for week in weeks if week.high is not None]
    lowest, highest = min([0.0, *lows]), max([0.0, *highs])
    missing = max(0.0, 40.0 - (highest - lowest)) / 2
    return max(-100.0, lowest - missing - 2), min(100.0, highest + missing + 2)


def _count_ticks(most: int) -> list[int]:
    """Zero and two to four round numbers up to `most`."""
    step = 1
    while most / step > 4:
        # 1, 2, 5, 10, 20, 50 ...
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return list(range(0, most + 1, step)) if most else [0]
