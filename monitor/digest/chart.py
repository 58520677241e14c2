"""The twelve weeks of a digest as pictures for light and dark readers, and in words for none."""

from __future__ import annotations

from monitor.charts import DARK, LIGHT, ChartWeek, ChartWords, to_png, weekly_chart
from monitor.digest.model import Digest, WeekPoint
from monitor.digest.words import Words


def chart_pictures(digest: Digest, say: Words) -> dict[str, bytes]:
    """PNG bytes by name: `light` and `dark`."""
    weeks = [_week(point, say) for point in digest.weeks]
    words = ChartWords(
        sentiment=say("chart_sentiment"),
        mentions=say("chart_mentions"),
        right_to_left=say.direction == "rtl",
        signed=say.net,
        count=say.count,
    )
    return {
        name: to_png(weekly_chart(weeks, words, palette=palette))
        for name, palette in (("light", LIGHT), ("dark", DARK))
    }


def chart_alt(digest: Digest, say: Words) -> str:
    """What the picture shows, for readers whose mail shows none."""
    scored = [point for point in digest.weeks if point.net.n]
    if not scored or not digest.weeks[-1].net.n:
        return say("chart_alt_empty") if not scored else say("chart")
    lowest = min(scored, key=lambda point: point.net.value)
    highest = max(scored, key=lambda point: point.net.value)
    return say(
        "chart_alt",
        now=digest.weeks[-1].net.value,
        low=lowest.net.value,
        low_day=lowest.week.start,
        high=highest.net.value,
        high_day=highest.week.start,
        n=digest.weeks[-1].mentions,
    )


def _week(point: WeekPoint, say: Words) -> ChartWeek:
    negative, neutral, positive = point.counts
    is_scored = point.net.n > 0
    return ChartWeek(
        label=say.day(point.week.start).replace("\u00a0", " "),
        net=point.net.value if is_scored else None,
        low=point.net.low if is_scored else None,
        high=point.net.high if is_scored else None,
        negative=negative,
        neutral=neutral,
        positive=positive,
        unscored=point.mentions - negative - neutral - positive,
        is_partial=point.is_partial,
        has_alert=point.alerts > 0,
    )
