"""`monitor import | search`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from monitor.cli.common import (
    DAY,
    Bars,
    as_csv,
    as_json,
    console,
    print_csv,
    print_json,
    print_table,
    rows_as_dicts,
    runtime,
)
from monitor.errors import UsageError
from monitor.records import KINDS, LABELS, LANGUAGES, RawItem, Reject

PAGES = (".html", ".htm", ".xml", ".rss", ".atom", ".rdf")


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, metavar="NAME", help="What they are filed under.")
@click.option("--brand", help="Whom they are about (default: the source's brand, else your own).")
@click.option("--kind", type=click.Choice(KINDS), default="review", show_default=True)
@click.option("--language", type=click.Choice(LANGUAGES), help="A hint for short texts.")
@click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Which column is what, e.g. --map text=Comment --map rating=Stars.",
)
@click.option("--items", "items_path", metavar="PATH", help="Where the list is inside a JSON file.")
@click.option("--sheet", help="Sheet of an XLSX file (default: the first).")
@click.option("--no-score", is_flag=True, help="Store only; score and judge later.")
@as_json
@click.pass_context
def import_(
    ctx: click.Context,
    file: Path,
    source: str,
    brand: str | None,
    kind: str,
    language: str | None,
    pairs: tuple[str, ...],
    items_path: str | None,
    sheet: str | None,
    no_score: bool,
    json_out: bool,
) -> None:
    """Import mentions from FILE: CSV, XLSX, JSON, JSON lines (.gz too) or a saved page or feed.

    Columns are recognised by their names in four languages; --map says what is not. A row that
    cannot be used becomes a reject with its line and cause. Importing a file again adds nothing.
    """
    from monitor import pipeline
    from monitor.ingest import ingest

    with runtime(ctx, secrets=False) as opened, opened.lock(), Bars() as bars:
        stored = opened.import_source(source, brand, language)
        if file.suffix.lower() in PAGES:
            lines = _read_page(file, source)
        else:
            from monitor.imports import read_items

            lines = read_items(
                file,
                source,
                _mapping(pairs) or None,
                fetched_at=opened.clock().isoformat(),
                kind=kind,
                items=items_path,
                sheet=sheet,
            )
        done = ingest(
            opened.store,
            stored,
            lines,
            opened.context(source, stored.timezone, language or stored.language, kind),
            opened.identify,
            opened.clock(),
            bars.stage("import"),
        )
        opened.end_backfill(stored, done.items)
        scored = 0 if no_score or not (done.new or done.changed) else pipeline.score(opened, bars)
        alerts = [] if no_score or not scored else pipeline.judge(opened)
    result = {**done.as_dict(), "scored": scored, "alerts": len(alerts)}
    if json_out:
        print_json(result)
        return
    console.print(", ".join(f"{name} {count}" for name, count in result.items()))
    if done.rejects:
        console.print(f"rejects: monitor status, or table `rejects` (source = {source!r})")


@click.command()
@click.argument("query", required=False)
@click.option("--brand", help="Only this brand's.")
@click.option("--source", help="Only from this source.")
@click.option("--language", help="Only in this language, such as `cs`.")
@click.option("--label", type=click.Choice(LABELS), help="Only with this label.")
@click.option("--aspect", help="Only that speak of this aspect; --label is then the aspect's.")
@click.option("--stage", help="Only that speak of this stage; --label is then the aspect's.")
@click.option("--location", help="Only of this place.")
@click.option("--week", type=DAY, metavar="DAY", help="Only of the seven days from this one.")
@click.option("--since", type=DAY, metavar="DAY", help="Only from this day on.")
@click.option("--until", type=DAY, metavar="DAY", help="Only up to this day.")
@click.option("--limit", default=20, show_default=True)
@as_json
@as_csv
@click.pass_context
def search(
    ctx: click.Context,
    /,
    query: str | None,
    limit: int,
    json_out: bool,
    csv_out: bool,
    **wanted: Any,
) -> None:
    """Find mentions by words, or those behind a number: of a week, a label, an aspect, a place.

    Words find their other forms, in all four languages: "quoted phrase", -without, begin*. Without
    words, what the filters leave; near-duplicates are left out, as in every count.
    """
    from monitor.store.found import Found, find

    given = {name: value for name, value in wanted.items() if value is not None}
    if query is None and not given:
        raise UsageError("say what to find: words, or a filter such as --week and --label")
    days = {name: given.pop(name).date() for name in ("week", "since", "until") if name in given}
    with runtime(ctx, secrets=False) as opened:
        if "brand" in given:
            opened.settings.brand(given["brand"])
        found = rows_as_dicts(find(opened.store, Found(words=query, **given, **days), limit))
    if csv_out:
        print_csv(list(found[0]) if found else ["mention_id"], found)
        return
    if json_out:
        print_json(found)
        return
    rows = [
        (
            row["mention_id"],
            row["local_day"],
            row["source"],
            row["language"],
            row["label"],
            " ".join(f"{row['title'] or ''} {row['text']}".split())[:100],
        )
        for row in found
    ]
    print_table(f"{len(rows)} found", ("id", "day", "source", "lang", "label", "text"), rows)


def _mapping(pairs: tuple[str, ...]) -> dict[str, str]:
    mapping = {}
    for pair in pairs:
        field, separator, column = pair.partition("=")
        if not separator or field not in RawItem.__slots__:
            raise UsageError(
                f"--map {pair}: write FIELD=COLUMN, FIELD one of text, title, rating, rating_best,"
                " author, published, native_id, url, language, location, subject"
            )
        mapping[field] = column
    return mapping


def _read_page(file: Path, source: str) -> Iterator[RawItem | Reject]:
    from monitor.collect import read_saved_page

    yield from read_saved_page(file, source)
