"""The demo's run: two collections of the sample sites, as the weeks would have brought them."""

from __future__ import annotations

import time
from asyncio import Server
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from email.message import Message
from pathlib import Path

from monitor import pipeline
from monitor.demo import survey
from monitor.demo.config import write_config
from monitor.demo.site import SampleSite
from monitor.demo.story import StoryItem, edits, end_of_history, monday_of, story
from monitor.pipeline import Progress
from monitor.records import Week
from monitor.runtime import Runtime, open_runtime


@dataclass(slots=True)
class Outcome:
    """What the demo did and where to look at it."""

    folder: Path
    seconds: float = 0.0
    collected: list[tuple[str, int, int, int]] = field(default_factory=list)
    """(source, new, edited, rejects) of each collection."""
    mentions: int = 0
    answers: int = 0
    alerts: list[str] = field(default_factory=list)
    messages: list[Path] = field(default_factory=list)
    mails: list[Path] = field(default_factory=list)
    digests: list[Path] = field(default_factory=list)


def run_demo(folder: Path, progress: Progress, say: Callable[[str], None]) -> Outcome:
    """Runs the whole loop into `folder` and returns what there is to open.

    Real spiders fetch from a real local server, alerts go to a real webhook through Apprise, and
    digests to a real SMTP server; only the shop and its customers are invented.
    """
    began = time.perf_counter()
    now = datetime.now(UTC)
    outcome = Outcome(folder)
    items = story(now)
    with SampleSite() as site, _mailbox(folder / "mails") as smtp_port:
        config = _prepare(folder, site.url, smtp_port, now)
        with open_runtime(config) as runtime:
            say("first collection: eleven weeks of history (raises no alarm)")
            site.show([item for item in items if item.published < end_of_history(now)])
            _collect(runtime, progress, outcome)
            say("survey export: two waves")
            outcome.answers = _import_survey(runtime)
            say("second collection: the bad week, and two reviews edited since")
            site.show(_edited(items))
            _collect(runtime, progress, outcome)
            say("weekly digest in four languages")
            outcome.digests = _digests(runtime, monday_of(now).date())
            outcome.mentions = int(str(runtime.store.value("SELECT count(*) FROM mentions")))
            outcome.alerts = [
                row["title"] + ": " + row["reason"]
                for row in runtime.store.rows("SELECT title, reason FROM open_alerts")
            ]
        outcome.messages = _keep_messages(site, folder / "alerts")
    outcome.mails = sorted((folder / "mails").glob("*.eml"))
    outcome.seconds = time.perf_counter() - began
    return outcome


def _prepare(folder: Path, site: str, smtp_port: int, now: datetime) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for old in ("monitor.db", "monitor.db-wal", "monitor.db-shm"):
        (folder / old).unlink(missing_ok=True)
    for subfolder in ("alerts", "digests", "mails"):
        for old_file in (folder / subfolder).glob("*"):
            old_file.unlink()
    survey.write_export(folder / "survey.csv", now)
    waves = [(n, str(start.date()), str(end.date())) for n, start, end in survey.waves(now)]
    return write_config(folder, site, smtp_port, waves)


def _collect(runtime: Runtime, progress: Progress, outcome: Outcome) -> None:
    report = pipeline.run_once(runtime, progress=progress)
    outcome.collected += [(run.source, run.new, run.changed, run.rejects) for run in report.runs]


def _import_survey(runtime: Runtime) -> int:
    survey = runtime.settings.surveys[0]
    assert survey.file is not None
    done = pipeline.import_survey(runtime, survey.name, runtime.settings.resolve(survey.file))
    return done.new


def _digests(runtime: Runtime, monday: date) -> list[Path]:
    """Digests of the bad week, one for each recipient, mailed like any other."""
    from monitor.digest.outbox import write

    week = Week(monday - timedelta(weeks=1), monday)
    settings = runtime.settings
    with runtime.lock():
        for recipient in settings.digest.recipients:
            write(runtime.store, settings, recipient, week, runtime.clock())
        pipeline.send(runtime)
    return sorted(settings.resolve(settings.digest.archive).glob("*.html"))


def _edited(items: Sequence[StoryItem]) -> list[StoryItem]:
    changed = edits()
    return [
        replace(item, text=changed[item.id]["text"], rating=changed[item.id]["rating"])
        if item.id in changed
        else item
        for item in items
    ]


def _keep_messages(site: SampleSite, folder: Path) -> list[Path]:
    """The alerts as the webhook received them, one text file each."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, received in enumerate(site.received, 1):
        path = folder / f"{number:03}.txt"
        path.write_text(f"{received['title']}\n\n{received['message']}\n", encoding="utf-8")
        paths.append(path)
    return paths


@contextmanager
def _mailbox(folder: Path) -> Iterator[int]:
    """A local SMTP server that keeps each mail as a file; gives its port."""
    from aiosmtpd.controller import Controller
    from aiosmtpd.handlers import Message as MessageHandler

    folder.mkdir(parents=True, exist_ok=True)

    class Keep(MessageHandler):
        def handle_message(self, message: Message) -> None:
            name = str(message["To"]).split("@")[0]
            (folder / f"{name}.eml").write_bytes(message.as_bytes())

    class AnyPort(Controller):
        def _trigger_server(self) -> None:
            # start() connects to the configured port, and 0 stands for whichever was free
            assert isinstance(self.server, Server)
            self.port = self.server.sockets[0].getsockname()[1]
            super()._trigger_server()  # type: ignore[no-untyped-call]

    controller = AnyPort(Keep(), hostname="127.0.0.1", port=0)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
