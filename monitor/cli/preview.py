"""`monitor try URL|FILE`: what would be collected, and how it reads; nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.common import as_json, console, print_json, print_table
from monitor.errors import ConfigError, UsageError
from monitor.kinds import SOURCE_KINDS
from monitor.records import LABELS, LANGUAGES, Mention, RawItem, Reject

if TYPE_CHECKING:
    from monitor.config import Source

USER_AGENT = "BrandMonitorPreview/0.1 (+https://example.com/monitor; set operator.user_agent)"


@click.command("try")
@click.argument("target", metavar="URL|FILE")
@click.option(
    "--kind",
    type=click.Choice([k.name for k in SOURCE_KINDS.values() if k.takes_url]),
    help="Kind of source (default: found out); see `monitor kinds`.",
)
@click.option("--limit", default=10, show_default=True, help="How many to show.")
@as_json
@click.pass_context
def try_(ctx: click.Context, target: str, kind: str | None, limit: int, json_out: bool) -> None:
    """Show what URL or FILE would give and how it reads: language, label, masked text.

    Works without a configuration; with one, its User-Agent is used, and an address that is the
    configured one of a source is read as that source, with its options and secrets.
    """
    from monitor.runtime import open_runtime

    known: Sequence[Source] = ()
    try:
        opened = open_runtime(ctx.find_root().obj["config"], secrets=False)
        user_agent = opened.settings.operator.user_agent
        known = opened.settings.sources
    except ConfigError:
        user_agent = USER_AGENT
    lines, state = (
        _from_url(target, kind, user_agent, known)
        if target.startswith(("http://", "https://"))
        else _from_file(Path(target))
    )
    read = _read(lines)
    rejects = [line for line in (*lines, *read) if isinstance(line, Reject)]
    mentions = [line for line in read if isinstance(line, Mention)]
    labels = _labels(mentions)
    if json_out:
        print_json(
            {
                "state": state,
                "items": len(mentions),
                "rejects": [{"cause": r.cause, "place": r.place} for r in rejects],
                "mentions": [_as_dict(m, row) for m, row in zip(mentions, labels, strict=True)],
            }
        )
        return
    console.print(f"{state}: {len(mentions)} items, {len(rejects)} rejects; nothing was stored")
    shown = list(zip(mentions, labels, strict=True))[:limit]
    print_table(
        "How they read",
        ("published", "lang", "label", "sure", "rating", "masked", "text"),
        [
            (
                f"{m.published_at:%Y-%m-%d}" if m.published_at else None,
                m.language,
                row["label"],
                row["confidence"],
                f"{m.rating.value:g} of {m.rating.scale}" if m.rating else None,
                m.masked or None,
                " ".join(f"{m.title or ''} {m.text}".split())[:90],
            )
            for m, row in shown
        ],
        "no items",
    )
    for reject in rejects[:limit]:
        click.echo(f"reject: {reject.cause} ({reject.place})")


def _from_url(
    url: str, kind: str | None, user_agent: str, known: Sequence[Source]
) -> tuple[list[RawItem | Reject], str]:
    from monitor.collect import CrawlSettings, CrawlTarget, preview
    from monitor.store.sources import StoredSource

    found: list[RawItem | Reject] = []
    state = "empty"
    settings = CrawlSettings(user_agent, 1, 60, {"DOWNLOAD_DELAY": 0})
    for source in known:
        if source.url == url and kind in (None, source.kind):
            stored = StoredSource(
                0, "preview", "preview", source.kind, source.language, "UTC", None
            )
            options = {**source.options, "max_pages": 1}
            target = CrawlTarget(stored, url, options, _context(), source.secrets)
            return preview(target, settings)
    needed = (
        [name for name, need in SOURCE_KINDS[kind].secrets.items() if need.required]
        + [name for names in SOURCE_KINDS[kind].secret_sets[:1] for name in names]
        if kind
        else []
    )
    if needed:
        raise UsageError(
            f"{kind} needs a secret ({', '.join(needed)}): add it with `monitor add {kind}`,"
            " then try its address"
        )
    # Without a kind each generic one is tried: a page that is no feed says so at once.
    for candidate in (kind,) if kind else ("reviews_page", "feed"):
        stored = StoredSource(0, "preview", "preview", candidate, None, "UTC", None)
        target = CrawlTarget(stored, url, {"max_pages": 1}, _context())
        found, state = preview(target, settings)
        if any(isinstance(line, RawItem) for line in found):
            break
    return found, state


def _from_file(path: Path) -> tuple[list[RawItem | Reject], str]:
    from monitor.cli.mentions import PAGES
    from monitor.collect import read_saved_page
    from monitor.imports import read_items

    if not path.is_file():
        raise UsageError(f"{path}: no such file, and no http(s) address")
    if path.suffix.lower() in PAGES:
        lines = list(read_saved_page(path, "preview"))
    else:
        now = datetime.now(UTC).isoformat()
        lines = list(read_items(path, "preview", None, fetched_at=now, kind="review"))
    return lines, "read"


def _context() -> Any:
    import secrets

    from monitor.normalise import SourceContext

    return SourceContext(
        source="preview",
        kind=None,
        language=None,
        timezone="UTC",
        pseudonym_key=secrets.token_bytes(32),
        authors="pseudonym",
    )


def _read(lines: Sequence[RawItem | Reject]) -> list[Mention | Reject]:
    from models.language import identify
    from monitor.normalise import normalise

    items = [line for line in lines if isinstance(line, RawItem)]
    return normalise(
        items,
        _context(),
        lambda texts, hints: [(f.code, f.confidence) for f in identify(texts, hints)],
    )


def _labels(mentions: Sequence[Mention]) -> list[dict[str, Any]]:
    from models.sentiment import open_sentiment

    if not mentions:
        return []
    texts = ["\n".join(filter(None, (m.title, m.text))) for m in mentions]
    rows = open_sentiment().score(texts, [m.language for m in mentions], [m.kind for m in mentions])
    return [
        {"label": LABELS[row.index(max(row))], "confidence": round(max(row), 2)}
        if mention.language in LANGUAGES
        else {"label": None, "confidence": None}
        for mention, row in zip(mentions, rows.tolist(), strict=True)
    ]


def _as_dict(mention: Mention, label: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": mention.kind,
        "title": mention.title,
        "text": mention.text,
        "language": mention.language,
        **label,
        "rating": mention.rating.value if mention.rating else None,
        "scale": mention.rating.scale if mention.rating else None,
        "published_at": mention.published_at,
        "url": mention.url,
        "author": mention.author,
        "masked": mention.masked,
    }
