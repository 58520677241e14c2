"""START HERE: the stages in their order, as named calls.

Between stages the store is the queue, so each stage does only what is left and any of them may be
run again at any time: a killed process is continued by the next run.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from monitor.alerts.deliver import Delivered, deliver
from monitor.alerts.detect import detect, detect_sources
from monitor.collect import collect
from monitor.errors import CollectError
from monitor.records import Backfill, CrawlRun
from monitor.runtime import Runtime
from monitor.score import readers, score_comments, score_pending
from monitor.store import comments, scores
from monitor.store.surveys import Wave
from monitor.surveys.importers import Reading
from monitor.surveys.load import LoadedSurvey, load_survey
from monitor.surveys.mapping import SurveyMapping


class Progress(Protocol):
    """Shows how far a stage is; the command line draws bars, tests and the scheduler nothing."""

    def stage(self, name: str, total: int | None = None) -> Callable[[int], None]:
        """Begins a stage of `total` steps and returns what to call with each number done."""
        ...


class Quiet:
    """No progress shown."""

    def stage(self, name: str, total: int | None = None) -> Callable[[int], None]:
        return lambda count: None


@dataclass(slots=True)
class Report:
    """What one run of all stages did."""

    runs: list[CrawlRun] = field(default_factory=list)
    scored: int = 0
    alerts: list[int] = field(default_factory=list)
    delivered: Delivered = field(default_factory=Delivered)


def run_once(
    runtime: Runtime,
    source_names: Sequence[str] = (),
    progress: Progress | None = None,
    backfill_days: int | None = None,
    stop: threading.Event | None = None,
) -> Report:
    """Collect, normalise and store, score, detect, deliver; `stop` ends a crawl early.

    A crawl process that fails does not hold up the other stages; `CollectError` comes after them.
    """
    progress = progress or Quiet()
    report = Report()
    failure: CollectError | None = None
    with runtime.lock():
        try:
            report.runs = collect_sources(runtime, source_names, progress, backfill_days, stop)
        except CollectError as error:
            failure = error
        report.scored = score(runtime, progress)
        report.alerts = judge(runtime)
        report.delivered = send(runtime)
    if failure is not None:
        raise failure
    return report


def collect_sources(
    runtime: Runtime,
    source_names: Sequence[str],
    progress: Progress,
    backfill_days: int | None = None,
    stop: threading.Event | None = None,
    from_start: bool = False,
    on_page: Callable[[str, Backfill], None] = lambda source, backfill: None,
) -> list[CrawlRun]:
    """Crawls the sources in their own process and stores what they gave, normalised."""
    targets = runtime.targets(source_names)
    step = progress.stage("collect", len(targets))
    return collect(
        runtime.store,
        targets,
        runtime.crawl_settings,
        runtime.identify,
        runtime.clock,
        on_done=lambda run: step(1),
        backfill_days=backfill_days,
        stop=stop,
        from_start=from_start,
        on_page=on_page,
    )


def score(runtime: Runtime, progress: Progress) -> int:
    """Scores every text that the current model has not judged; returns how many.

    Texts are mentions in all their versions, and comments of surveys.
    """
    store, scorer, aspects = runtime.store, runtime.scorer, runtime.aspects
    reader = readers(scorer, aspects)
    waiting = scores.count_pending(store, reader) + comments.count_pending(store, reader)
    step = progress.stage("score", waiting)
    count = score_pending(store, scorer, aspects, runtime.clock, step)
    return count + score_comments(store, scorer, aspects, runtime.identify, runtime.clock, step)


def judge(runtime: Runtime) -> list[int]:
    """Lets the rules look at new scores and at sources that went blind; ids of new alerts."""
    settings, now = runtime.settings, runtime.clock()
    return [
        *detect(runtime.store, settings.alerts.rules, now),
        *detect_sources(runtime.store, settings.operator.channels, now),
    ]


def import_survey(
    runtime: Runtime, name: str, path: Path, sheet: str | None = None
) -> LoadedSurvey:
    """Stores the answers of a configured survey's file, each in its wave."""
    survey = runtime.settings.survey(name)
    brand = runtime.settings.brand(survey.brand)
    waves = [Wave(w.name, w.starts_on, w.ends_on, w.invited) for w in survey.waves]
    return load_survey(
        runtime.store,
        survey.name,
        brand.name,
        path,
        waves or "quarter",
        runtime.pseudonym,
        Reading(
            source=survey.name,
            timezone=brand.timezone,
            now=runtime.clock(),
            default_at=datetime.fromtimestamp(path.stat().st_mtime, tz=UTC),
            mask=runtime.settings.privacy.mask,
        ),
        SurveyMapping(**survey.mapping.model_dump()),
        sheet,
    )


def send(runtime: Runtime) -> Delivered:
    """Sends what is pending in the outbox: alerts to channels, digests to mailboxes."""
    base_url = runtime.settings.digest.base_url
    return deliver(
        runtime.store,
        runtime.channels,
        runtime.send_digest,
        runtime.clock,
        str(base_url) if base_url else None,
    )
