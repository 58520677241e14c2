"""What an address or a file gives before it is a source, as `monitor try` shows it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.errors import ConfigError, UsageError
from monitor.kinds import SOURCE_KINDS

if TYPE_CHECKING:
    from monitor.collect import Preview
    from monitor.config import Source
    from monitor.normalise import BrandWords, SourceContext
    from monitor.runtime import Runtime

USER_AGENT = "BrandMonitorPreview/0.1 (+https://example.com/monitor; set operator.user_agent)"
_UNNAMED = ("reviews_page", "feed")
"""Kinds that are tried where none is given: a page that is no feed says so at once."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried, with what the configuration knows of it."""

    target: str
    kind: str | None
    source: Source | None
    """The configured source that reads this very address."""
    user_agent: str
    context: SourceContext

    @property
    def is_unchecked(self) -> bool:
        """Whether this is a search whose finds are not checked: no brand is known."""
        return self.context.about is None and _searches(self.kind, self.target)


def prepare(config: Path | None, target: str, kind: str | None, brand: str | None) -> Trial:
    """The trial of an address or a file; without a configuration, too, unless `brand` is named.

    What a search finds is checked against the words of `brand`, else of its source's brand, else
    of the first brand that is the user's own.
    """
    from monitor.runtime import open_runtime

    try:
        opened = open_runtime(config, secrets=False)
    except ConfigError:
        if brand is not None:
            raise
        return Trial(target, kind, None, USER_AGENT, preview_context())
    settings = opened.settings
    source = next(
        (one for one in settings.sources if one.url == target and kind in (None, one.kind)), None
    )
    about = _about(opened, target, kind, brand, source)
    address = target if about and target.startswith("http") else None
    context = replace(preview_context(), about=about, address=address)
    return Trial(target, kind, source, settings.operator.user_agent, context)


def run_trial(trial: Trial) -> Preview:
    """What the address or the file gives now; nothing is stored."""
    if not trial.target.startswith(("http://", "https://")):
        return _from_file(Path(trial.target), trial.context)
    if trial.source is not None:
        return _from_source(trial, trial.source)
    return _from_address(trial)


def preview_context() -> SourceContext:
    """How items are read that are only shown: pseudonyms from a key that nobody keeps."""
    from monitor.normalise import SourceContext

    return SourceContext(
        source="preview",
        kind=None,
        language=None,
        timezone="UTC",
        pseudonym_key=secrets.token_bytes(32),
        authors="pseudonym",
    )


def _about(
    opened: Runtime, target: str, kind: str | None, brand: str | None, source: Source | None
) -> BrandWords | None:
    if brand is not None:
        return opened.brand_words(brand)
    if source is not None:
        return opened.asked_for(source.name)["about"]
    own = next((one.name for one in opened.settings.brands if one.role == "own"), None)
    return opened.brand_words(own) if own and _searches(kind, target) else None


def _searches(kind: str | None, target: str) -> bool:
    return kind is not None and SOURCE_KINDS[kind].wants_relevance(target, {})


def _from_source(trial: Trial, source: Source) -> Preview:
    options = {**source.options, "max_pages": 1}
    return _preview(trial, source.kind, source.language, options, source.secrets)


def _from_address(trial: Trial) -> Preview:
    from monitor.collect import Preview

    kind = trial.kind
    needed: list[str] = []
    if kind:
        known = SOURCE_KINDS[kind]
        needed = [name for name, need in known.secrets.items() if need.required]
        needed += [name for names in known.secret_sets[:1] for name in names]
    if needed:
        raise UsageError(
            f"{kind} needs a secret ({', '.join(needed)}): add it with `monitor add {kind}`,"
            " then try its address"
        )
    found = Preview("empty")
    for candidate in (kind,) if kind else _UNNAMED:
        found = _preview(trial, candidate, None, {"max_pages": 1}, {})
        if found.items or found.left_out:
            break
    return found


def _preview(
    trial: Trial, kind: str, language: str | None, options: dict[str, Any], known_secrets: Any
) -> Preview:
    from monitor.collect import CrawlSettings, CrawlTarget, preview
    from monitor.store.sources import StoredSource

    stored = StoredSource(0, "preview", "preview", kind, language, "UTC", None)
    target = CrawlTarget(stored, trial.target, options, trial.context, known_secrets)
    return preview(target, CrawlSettings(trial.user_agent, 1, 60, {"DOWNLOAD_DELAY": 0}))


def _from_file(path: Path, context: SourceContext) -> Preview:
    from monitor.cli.mentions import PAGES
    from monitor.collect import read_saved_page, sort_out
    from monitor.imports import read_items
    from monitor.records import RawItem, Reject

    if not path.is_file():
        raise UsageError(f"{path}: no such file, and no http(s) address")
    lines: Sequence[RawItem | Reject]
    if path.suffix.lower() in PAGES:
        lines = list(read_saved_page(path, "preview"))
    else:
        now = datetime.now(UTC).isoformat()
        lines = list(read_items(path, "preview", None, fetched_at=now, kind="review"))
    return sort_out(lines, context)
