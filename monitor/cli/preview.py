"""`monitor try URL|FILE`: what would be collected, and how it reads; nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from monitor.cli.common import as_json, console, print_json, print_table
from monitor.cli.left_out import left_out_as_dicts, print_left_out
from monitor.cli.trial import prepare, preview_context, run_trial
from monitor.kinds import SOURCE_KINDS
from monitor.records import LABELS, LANGUAGES, Mention, RawItem, Reject


@click.command("try")
@click.argument("target", metavar="URL|FILE")
@click.option(
    "--kind",
    type=click.Choice([k.name for k in SOURCE_KINDS.values() if k.takes_url]),
    help="Kind of source (default: found out); see `monitor kinds`.",
)
@click.option(
    "--brand",
    metavar="NAME",
    help="Leave out what is not about this brand (default for a search: the source's brand, else"
    " your own).",
)
@click.option("--limit", default=10, show_default=True, help="How many to show.")
@as_json
@click.pass_context
def try_(
    ctx: click.Context,
    target: str,
    kind: str | None,
    brand: str | None,
    limit: int,
    json_out: bool,
) -> None:
    """Show what URL or FILE would give and how it reads: language, label, masked text.

    Works without a configuration; with one, its User-Agent is used, and an address that is the
    configured one of a source is read as that source, with its options and secrets. Of a search,
    what is not about the brand is shown with the reason why it would be left out.
    """
    trial = prepare(ctx.find_root().obj["config"], target, kind, brand)
    found = run_trial(trial)
    read = _read(found.items)
    rejects = [*found.rejects, *(line for line in read if isinstance(line, Reject))]
    mentions = [line for line in read if isinstance(line, Mention)]
    labels = _labels(mentions)
    about = trial.context.about.name if trial.context.about else None
    if json_out:
        print_json(
            {
                "state": found.state,
                "about": about,
                "items": len(mentions),
                "left_out": len(found.left_out),
                "left_out_items": left_out_as_dicts(found.left_out),
                "rejects": [{"cause": r.cause, "place": r.place} for r in rejects],
                "mentions": [_as_dict(m, row) for m, row in zip(mentions, labels, strict=True)],
            }
        )
        return
    unwanted = f"{len(found.left_out)} left out, " if about or found.left_out else ""
    console.print(
        f"{found.state}: {len(mentions)} items, {unwanted}{len(rejects)} rejects;"
        " nothing was stored"
    )
    if trial.is_unchecked:
        console.print("what it finds was not checked: no configuration names your brand")
    _print_mentions(list(zip(mentions, labels, strict=True))[:limit])
    print_left_out("Left out", found.left_out, limit)
    for reject in rejects[:limit]:
        click.echo(f"reject: {reject.cause} ({reject.place})")


def _print_mentions(shown: Sequence[tuple[Mention, dict[str, Any]]]) -> None:
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


def _read(items: Sequence[RawItem]) -> list[Mention | Reject]:
    from models.language import identify
    from monitor.normalise import normalise

    return normalise(
        items,
        preview_context(),
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
