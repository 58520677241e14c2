"""START HERE: a `Digest` of the store for one brand, week and language, in named steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.digest import facts
from monitor.digest.facts import BrandRow, DayCount
from monitor.digest.headline import Situation, concentration, headline, shared_words
from monitor.digest.model import AlertLine, Digest, Sentence, WeekPoint
from monitor.digest.quotes import choose
from monitor.digest.rows import (
    NONE,
    Part,
    brand_table,
    parts,
    parts_changed,
    source_table,
    table,
    tally,
)
from monitor.digest.sources import WeekSources, week_sources
from monitor.digest.tiles import tiles
from monitor.digest.topics import distinctive
from monitor.digest.verdicts import cautious
from monitor.errors import UsageError
from monitor.records import Week
from monitor.store import Store
from monitor.store.themes import Period, read
from monitor.store.times import local_day, start_of_day
from monitor.trends.compare import Counts, net_sentiment, net_sentiment_change
from monitor.trends.measures import Difference

USUAL_WEEKS = 8
"""Weeks before this one that say what is usual for a source or a language."""


def build(store: Store, brand: str, week: Week, language: str, now: datetime) -> Digest:
    """The digest of `brand` for `week`; `now` ends a week that is still running.

    Raises `UsageError` when no brand of that name is stored.
    """
    known = facts.brands(store)
    zone = _brand(known, brand).timezone
    weeks = facts.twelve_weeks(week)
    since, until = start_of_day(week.start, zone), start_of_day(week.end, zone)
    everyone = facts.day_counts(store, list(known), weeks[0].start, week.end)
    days = [day for day in everyone if day.brand == brand]
    alerts = facts.alerts(store, brand, start_of_day(weeks[0].start, zone), until)
    sources = week_sources(store, brand, weeks, zone, now)
    points = _points(weeks, days, sources, alerts, zone)

    by_language = parts(days, week, weeks[-2], lambda day: day.language)
    by_source = parts(days, week, weeks[-2], lambda day: day.source)
    by_brand = parts(everyone, week, weeks[-2], lambda day: day.brand) if len(known) > 1 else {}
    words = cautious(_changes(language=by_language, source=by_source, brand=by_brand))
    parts_with_news = (
        *parts_changed("language", by_language, words),
        *parts_changed("source", by_source, words),
    )
    situation = _situation(points, sources, alerts, since, until, now, parts_with_news)
    situation = replace(
        situation,
        unanswered=facts.unanswered(store, brand, week),
        reasons=_reasons(store, brand, weeks, days, situation.change, list(known)),
    )
    return Digest(
        brand=brand,
        language=language,
        timezone=zone,
        week=week,
        made_at=now,
        is_running=situation.is_running,
        is_partial=points[-1].is_partial,
        headline=headline(situation),
        tiles=tiles(store, brand, week, points, situation.is_running),
        weeks=points,
        languages=tuple(table("language", by_language, words)),
        sources=source_table(table("source", by_source, words), sources.states),
        brands=brand_table(
            table("brand", by_brand, words), brand, _partial(store, known, week, now)
        )
        if by_brand
        else (),
        complaints=tuple(choose(facts.candidates(store, brand, week, "negative"), "negative")),
        praise=tuple(choose(facts.candidates(store, brand, week, "positive"), "positive")),
        alerts=tuple(alert for alert in alerts if alert.started_at >= since),
        troubles=sources.troubles,
        unscored=points[-1].mentions - sum(points[-1].counts),
        rejects=facts.rejects(store, brand, since, until),
    )


def _situation(
    points: Sequence[WeekPoint],
    sources: WeekSources,
    alerts: Sequence[AlertLine],
    since: datetime,
    until: datetime,
    now: datetime,
    parts_with_news: tuple[Sentence, ...],
) -> Situation:
    """What the headline depends on, but for what only the store knows."""
    this, before = points[-1], points[-2]
    return Situation(
        now=this.counts,
        before=before.counts,
        change=net_sentiment_change(this.counts, before.counts),
        mentions=this.mentions,
        mentions_before=before.mentions,
        is_running=now < until,
        made_at=now,
        was_partial=before.is_partial,
        sources=sources.expected,
        answered=sources.answered,
        has_files=sources.has_files,
        last_run_at=sources.last_run_at,
        troubles=sources.troubles,
        alerts=sum(alert.started_at >= since for alert in alerts),
        open_alerts=sum(alert.state == "open" for alert in alerts),
        unanswered=0,
        reasons=(),
        parts_changed=parts_with_news,
    )


def _brand(known: dict[str, BrandRow], name: str) -> BrandRow:
    if name not in known:
        names = ", ".join(known) or "none"
        raise UsageError(f"no brand is called {name!r} in the store; known: {names}")
    return known[name]


def _partial(
    store: Store, known: Mapping[str, BrandRow], week: Week, now: datetime
) -> dict[str, bool]:
    """Brand -> whether one of its sources was missing in the week."""
    return {
        name: bool(week_sources(store, name, [week], row.timezone, now).partial)
        for name, row in known.items()
    }


def _points(
    weeks: Sequence[Week],
    days: Sequence[DayCount],
    sources: WeekSources,
    alerts: Sequence[AlertLine],
    zone: str,
) -> tuple[WeekPoint, ...]:
    points = []
    for position, week in enumerate(weeks):
        inside = [day for day in days if week.start <= day.day < week.end]
        counts = tally(inside, week.start, week.end, lambda day: "").get("", NONE)
        points.append(
            WeekPoint(
                week=week,
                mentions=sum(day.mentions for day in inside),
                counts=counts,
                net=net_sentiment(*counts),
                is_partial=position in sources.partial,
                alerts=sum(
                    week.start <= local_day(alert.started_at, zone) < week.end for alert in alerts
                ),
            )
        )
    return tuple(points)


def _changes(**found: dict[str, Part]) -> dict[tuple[str, str], Difference]:
    return {(kind, name): part.change for kind, by in found.items() for name, part in by.items()}


def _reasons(
    store: Store,
    brand: str,
    weeks: Sequence[Week],
    days: Sequence[DayCount],
    change: Difference,
    names: Sequence[str],
) -> tuple[Sentence, ...]:
    """Why net sentiment changed, as far as counts and words show it; nothing when it did not."""
    if change.word not in ("better", "worse"):
        return ()
    week, usual = weeks[-1], weeks[-1 - USUAL_WEEKS].start

    def two(name: str) -> tuple[dict[str, Counts], dict[str, Counts]]:
        return (
            tally(days, week.start, week.end, lambda day: getattr(day, name)),
            tally(days, usual, week.start, lambda day: getattr(day, name)),
        )

    reasons = [concentration(kind, change.word, *two(kind)) for kind in ("source", "language")]
    if change.word == "worse":
        period = Period(brand, week.start, week.end - timedelta(days=1))
        said = read(store, period, facts.TEXTS).said
        reasons.append(shared_words(distinctive(said, names)))
    return tuple(reason for reason in reasons if reason is not None)
