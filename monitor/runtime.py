"""The composition root: settings become a store, a model, channels and a clock.

Everything heavy is opened when it is first needed: `monitor status` loads no model, and no command
loads torch unless a checkpoint is configured that wants it.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from monitor.collect import CrawlSettings, CrawlTarget
from monitor.config import Settings, Source
from monitor.errors import ModelError, MonitorError, UsageError
from monitor.kinds import SOURCE_KINDS
from monitor.normalise import BrandWords, Identify, SourceContext
from monitor.normalise.personal_data import pseudonym
from monitor.records import Brand as BrandRow
from monitor.records import Source as SourceRow
from monitor.store import Store, open_store
from monitor.store import scores as score_store
from monitor.store import sources as source_store
from monitor.store.sources import StoredSource

if TYPE_CHECKING:
    from monitor.alerts.deliver import Send, SendDigest
    from monitor.score import AspectReader, Scorer


class AskedFor(TypedDict):
    """What items of a source must be about, and the address that proves nothing of them."""

    about: BrandWords | None
    address: str | None


_WEEK_STARTS = {"sunday": 0, "monday": 1, "saturday": 6}


class Runtime:
    """What the stages need, made from one configuration; closes the store when left."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime] | None = None) -> None:
        self.settings = settings
        self.clock = clock or (lambda: datetime.now(UTC))
        self._model_name: str | None = None

    def __enter__(self) -> Runtime:
        return self

    def __exit__(self, *exc: object) -> None:
        if "store" in self.__dict__:
            self.store.close()

    @cached_property
    def store(self) -> Store:
        """The store, migrated, with brands and sources as configured."""
        store = open_store(self.settings.resolve(self.settings.store))
        brands = [
            BrandRow(b.name, b.role, b.timezone, _WEEK_STARTS[b.week_start])
            for b in self.settings.brands
        ]
        source_store.sync(store, brands, [_source_row(s) for s in self.settings.sources])
        score_store.set_unsure_below(store, self.settings.model.unsure_below)
        return store

    def use_model(self, name: str) -> None:
        """Scores with another model than the configured one, in this process only."""
        self._model_name = name

    @cached_property
    def scorer(self) -> Scorer:
        """The sentiment model that is configured."""
        from models.sentiment import open_sentiment

        model = self.settings.model
        name = self._model_name or model.name
        if name != "embedded" and self.settings.resolve(name).is_dir():
            name = str(self.settings.resolve(name))
        try:
            scorer: Scorer = open_sentiment(name, label_map=dict(model.label_map) or None)
        except (OSError, ValueError) as error:
            raise ModelError(f"model {name}: {error}") from error
        return scorer

    @cached_property
    def aspects(self) -> AspectReader:
        """What tells the aspects of a text: always the embedded model, which it was made with."""
        from models.aspects import AspectReader
        from models.sentiment import NGRAMS, open_sentiment

        extra = {aspect: list(terms) for aspect, terms in self.settings.model.aspects.items()}
        try:
            return AspectReader(open_sentiment(NGRAMS), extra or None)
        except ValueError as error:
            raise ModelError(f"model.aspects: {error}") from error

    @cached_property
    def identify(self) -> Identify:
        """The language of texts, given a hint for each."""
        from models.language import identify

        def languages(
            texts: Sequence[str], hints: Sequence[str | None]
        ) -> Sequence[tuple[str, float]]:
            return [(found.code, found.confidence) for found in identify(texts, hints)]

        return languages

    @cached_property
    def pseudonym_key(self) -> bytes:
        """The key of author pseudonyms: configured, or a file of mode 0600 beside the store."""
        if self.settings.privacy.key is not None:
            return self.settings.privacy.key.reveal().encode()
        path = self.settings.resolve(self.settings.store).with_suffix(".key")
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            # Written aside first: nobody ever reads an empty key, also after a crash just here.
            with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".key-") as draft:
                draft.write(secrets.token_hex(32).encode())
                draft.flush()
                os.fsync(draft.fileno())
                with suppress(FileExistsError):
                    os.link(draft.name, path)
        return path.read_bytes().strip()

    def pseudonym(self, name: str) -> str:
        """What is stored of a person's name or customer number, as the configuration says."""
        if self.settings.privacy.authors == "plain":
            return name
        return pseudonym(name, self.pseudonym_key) or name

    @cached_property
    def crawl_settings(self) -> CrawlSettings:
        collect = self.settings.collect
        return CrawlSettings(
            user_agent=self.settings.operator.user_agent,
            concurrent_sources=collect.concurrent_sources,
            max_seconds=collect.max_minutes * 60,
            scrapy={
                "DOWNLOAD_DELAY": collect.delay_seconds,
                "ROBOTSTXT_OBEY": collect.obey_robots,
            },
            spool_folder=self.settings.resolve(self.settings.store).parent / "spool",
        )

    def targets(self, names: Sequence[str] = ()) -> list[CrawlTarget]:
        """The named sources (none: all that are enabled) as the crawl process wants them.

        Raises `UsageError` for a name that is not there, or whose files are imported.
        """
        for name in names:
            if self.settings.source(name).url is None:
                raise UsageError(f"source {name} has no address: use `monitor import` for it")
        chosen = (
            [self.settings.source(name) for name in names]
            if names
            else [source for source in self.settings.sources if source.enabled]
        )
        return [self._target(source) for source in chosen if source.url is not None]

    def import_source(self, name: str, brand: str | None, language: str | None) -> StoredSource:
        """The source that a file is imported under; made when the configuration has none."""
        known = source_store.find(self.store, name)
        if known is not None and (brand is None or brand == known.brand):
            return known
        if known is not None:
            raise UsageError(f"source {name} belongs to {known.brand}, not to {brand}")
        own = next(b.name for b in self.settings.brands if b.role == "own")
        chosen = self.settings.brand(brand or own).name
        return source_store.ensure(self.store, SourceRow(name, "import", chosen, language=language))

    def end_backfill(self, source: StoredSource, items: int) -> None:
        """A first import is history; what later imports bring is news that may raise an alert."""
        if items and source.first_collected_at is None:
            source_store.end_backfill(self.store, source.id, self.clock())

    def context(
        self, name: str, timezone: str, language: str | None, kind: str | None = None
    ) -> SourceContext:
        """How rows of a source are read: its zone, language hint, and what is kept of people."""
        privacy = self.settings.privacy
        return SourceContext(
            source=name,
            kind=kind,
            language=language,
            timezone=timezone,
            pseudonym_key=self.pseudonym_key,
            authors=privacy.authors,
            mask=privacy.mask,
            **self.asked_for(name),
        )

    def brand_words(self, name: str) -> BrandWords:
        """How a brand is called, and how it is told from others."""
        brand = self.settings.brand(name)
        return BrandWords(brand.name, brand.terms, brand.exclude, brand.context)

    def asked_for(self, name: str) -> AskedFor:
        """The brand that items of a source must be about, where it searches or is told to look."""
        source = next((one for one in self.settings.sources if one.name == name), None)
        kind = SOURCE_KINDS.get(source.kind) if source else None
        url = str(source.url) if source and source.url else None
        if source is None or kind is None or not kind.wants_relevance(url, source.options):
            return {"about": None, "address": None}
        return {"about": self.brand_words(source.brand), "address": url}

    @cached_property
    def channels(self) -> dict[str, Send]:
        """Alert channels by name."""
        from monitor.alerts.deliver import apprise_sender

        return {c.name: apprise_sender(c.url.reveal) for c in self.settings.alerts.channels}

    @cached_property
    def send_digest(self) -> SendDigest:
        """Mails a stored digest."""
        from monitor.digest.outbox import digest_sender

        return digest_sender(self.store, self.settings.digest)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Held while stages run: a second process that would write says so at once and stops."""
        path = self.settings.resolve(self.settings.store).with_suffix(".lock")
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise MonitorError(
                    f"another monitor is working on {self.settings.store}: wait for it, or stop it"
                ) from error
            yield

    def _target(self, source: Source) -> CrawlTarget:
        stored = source_store.find(self.store, source.name)
        assert stored is not None, "sync() stores every configured source"
        assert source.url is not None
        zone = self.settings.timezone_of(source)
        return CrawlTarget(
            stored=stored,
            url=str(source.url),
            options=source.options,
            context=self.context(source.name, zone, source.language, source.options.get("kind")),
            secrets=source.secrets,
        )


def _source_row(source: Source) -> SourceRow:
    return SourceRow(
        name=source.name,
        kind=source.kind,
        brand=source.brand,
        url=str(source.url) if source.url else None,
        language=source.language,
        interval_seconds=int(source.every.total_seconds()) if source.url else None,
        enabled=source.enabled,
    )


def open_runtime(config: Path | None, secrets: bool = True) -> Runtime:
    """A runtime for a configuration file; raises `ConfigError` with every fault in it."""
    from monitor.config import load

    return Runtime(load(config, secrets=secrets))
