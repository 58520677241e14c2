"""The sample texts, dated: twelve weeks of an invented shop, the last full one a bad one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from monitor.records import LANGUAGES

OWN, COMPETITOR = "Zelvano", "Torvika"
ZONE = "Europe/Prague"
BAD_WEEK = -1


@dataclass(frozen=True, slots=True)
class StoryItem:
    """One sample review or post, with the moment at which it was "written"."""

    id: str
    language: str
    brand: str
    channel: str
    """`reviews` or `posts`."""
    published: datetime
    author: str
    title: str | None
    text: str
    rating: int | None
    location: str | None
    reply: str | None
    reply_at: datetime | None


def monday_of(now: datetime) -> datetime:
    """Midnight of this week's Monday in the brand's zone."""
    local = now.astimezone(ZoneInfo(ZONE))
    monday = local - timedelta(days=local.weekday())
    return monday.replace(hour=0, minute=0, second=0, microsecond=0)


def end_of_history(now: datetime) -> datetime:
    """When the bad week begins: the first collection sees what was written before it."""
    return monday_of(now) + timedelta(weeks=BAD_WEEK)


def story(now: datetime) -> list[StoryItem]:
    """All sample texts, oldest first; those of the current week lie in the last hours."""
    items = [
        _item(row, language, now) for language in LANGUAGES for row in _lines(f"{language}.jsonl")
    ]
    return sorted(items, key=lambda item: (item.published, item.id))


def edits() -> dict[str, dict[str, Any]]:
    """Reviews whose authors change their mind in the bad week: id -> new text and rating."""
    return {row["id"]: row for row in _lines("edits.jsonl")}


def survey_comments(language: str) -> list[dict[str, Any]]:
    """Short answers with their 0-10 score."""
    return list(_lines(f"survey_comments_{language}.jsonl"))


def _item(row: dict[str, Any], language: str, now: datetime) -> StoryItem:
    if row["week"] == 0:
        # The current week may be minutes old: its texts are dated back from now.
        number = int(row["id"].rsplit("-", 1)[1])
        published = now - timedelta(minutes=20 + number % 97)
    else:
        published = monday_of(now) + timedelta(weeks=row["week"], days=row["day"])
        published = published.replace(hour=row["hour"], minute=sum(map(ord, row["id"])) % 60)
    reply = row.get("reply")
    return StoryItem(
        id=row["id"],
        language=language,
        brand=OWN if row["brand"] == "own" else COMPETITOR,
        channel=row["channel"],
        published=published.astimezone(UTC).replace(microsecond=0),
        author=row["author"],
        title=row["title"],
        text=row["text"],
        rating=row["rating"],
        location=row.get("location"),
        reply=reply["text"] if reply else None,
        reply_at=(
            min(published + timedelta(hours=reply["after_hours"]), now).astimezone(UTC)
            if reply
            else None
        ),
    )


def _lines(name: str) -> Iterator[dict[str, Any]]:
    text = (resources.files("monitor.demo") / "texts" / name).read_text(encoding="utf-8")
    for line in text.splitlines():
        yield json.loads(line)
