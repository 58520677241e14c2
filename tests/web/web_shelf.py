"""A store of two brands with what a dashboard must show well, filled by the store's functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from monitor.normalise import SourceContext, bands, is_near, normalise
from monitor.records import (
    Brand,
    CrawlRun,
    Decision,
    Mention,
    RawItem,
    Reject,
    Score,
    Source,
    SurveyResponse,
)
from monitor.store import Store, alerts, duplicates, mentions, scores, sources, surveys

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
WEEK = date(2026, 11, 16)
"""First day of Zelvano's last full week (it counts from Monday)."""

ORIGIN = "http://127.0.0.1:8080"
HOSTILE = '<script>document.title="owned"</script>"><img src=x onerror=alert(1)>'

CONFIG = """
store: monitor.db
operator: {user_agent: "Test/1.0 (test@example.com)"}
brands:
  - {name: Zelvano, role: own, timezone: Europe/Prague}
  - {name: Norwick, role: competitor, timezone: Asia/Tehran, week_start: saturday}
sources:
  - {name: shop-cs, kind: feed, brand: Zelvano, url: "https://a.example/cs"}
  - {name: shop-fa, kind: feed, brand: Zelvano, url: "https://a.example/fa"}
  - {name: forum, kind: feed, brand: Zelvano, url: "https://b.example/"}
  - {name: rival, kind: feed, brand: Norwick, url: "https://c.example/"}
"""

BRANDS = [
    Brand("Zelvano", "own", "Europe/Prague", 1),
    Brand("Norwick", "competitor", "Asia/Tehran", 6),
]
SOURCES = [
    Source(name, "feed", brand, f"https://{name}.example/", None, 3600)
    for name, brand in (
        ("shop-cs", "Zelvano"),
        ("shop-fa", "Zelvano"),
        ("forum", "Zelvano"),
        ("rival", "Norwick"),
    )
]


@dataclass(slots=True)
class Shelf:
    """Puts mentions, runs and alerts into a real store, through the store's own functions."""

    store: Store
    ids: dict[str, int] = field(default_factory=dict)
    """Native id -> mention id."""

    def put(self, source: str, native_id: str, text: str, label: str | None, **more: object) -> int:
        """A mention (or, for a known id, its edit) with its score; `day` is its local day."""
        language = str(more.pop("language", "en"))
        day = more.pop("day", WEEK)
        url = more.pop("url", f"https://{source}.example/{native_id}")
        raw = RawItem(
            source=source,
            fetched_at=NOW.isoformat(),
            native_id=native_id,
            text=text,
            language=language,
            published=f"{day}T12:00:00Z",
            rating_best="5",
            **more,  # type: ignore[arg-type]
        )
        context = SourceContext(source, None, None, "UTC", b"key", authors="plain")
        found = normalise([raw], context, lambda texts, hints: [(language, 0.99)] * len(texts))
        # Markup that normalising would take away: whatever is in the store must not hurt a reader.
        verbatim = {"text": text, "title": raw.title, "author": raw.author, "url": str(url)}
        read = [replace(one, **verbatim) for one in found if isinstance(one, Mention)]  # type: ignore[arg-type]
        assert read, found
        stored = sources.find(self.store, source)
        assert stored is not None
        saved = mentions.save(self.store, stored, read, NOW)
        duplicates.link(self.store, list(saved.new_ids.values()), bands, is_near)
        for mention_id in saved.new_ids.values():
            self.ids[native_id] = mention_id
        if label is not None:
            self._score(self.ids[native_id], label)
        return self.ids[native_id]

    def _score(self, mention_id: int, label: str) -> None:
        version = self.store.value("SELECT version_id FROM mentions WHERE id = ?", (mention_id,))
        sure = {"negative": 0.1, "neutral": 0.1, "positive": 0.1} | {label: 0.8}
        scores.save(self.store, "test-1", [Score(int(str(version)), **sure)], NOW)

    def run(self, source: str, state: str, days_ago: int, error: str | None = None) -> None:
        """A collection that ended so many days before now."""
        stored = sources.find(self.store, source)
        assert stored is not None
        moment = NOW - timedelta(days=days_ago)
        run = CrawlRun(source, state, moment, moment, 3, 2, 0, 1, 4, error)
        sources.record_run(self.store, stored, run, None)

    def alert(self, key: str, title: str, native_ids: Sequence[str], severity: str) -> int:
        """An open alert about these mentions."""
        decision = Decision(
            rule="negative-review",
            key=key,
            brand="Zelvano",
            severity=severity,
            title=title,
            reason="negative with 80% confidence",
            started_at=NOW - timedelta(days=5),
            evidence={"confidence": 0.8, "url": "javascript:alert(1)", "words": ["a", "b"]},
            mention_ids=tuple(self.ids[one] for one in native_ids),
            channels=("pr",),
        )
        return alerts.save(self.store, [decision], NOW)[0]


def fill(shelf: Shelf) -> None:
    sources.sync(shelf.store, BRANDS, SOURCES)
    put = shelf.put
    put(
        "shop-cs",
        "cs1",
        "Dodávka přišla pozdě a krabice byla rozbitá.",
        "negative",
        language="cs",
        rating="1",
        title="Pozdě",
    )
    put("shop-cs", "cs2", "S obsluhou jsem velmi spokojená.", "positive", language="cs", rating="5")
    put("shop-cs", "cs3", "Zboží odpovídá popisu.", "neutral", language="cs", rating="3")
    put(
        "shop-fa",
        "fa1",
        "کتاب‌ها دیر رسیدند و پشتیبانی جواب نداد.",
        "negative",
        language="fa",
        rating="2",
        author="مریم",
        reply_text="سلام، پیگیری می‌کنیم.",
    )
    put("shop-fa", "fa2", "کیفیت عالی بود.", "positive", language="fa", rating="4")
    put("forum", "ru1", "Доставки ждали две недели, никто не отвечает.", "negative", language="ru")
    put(
        "forum",
        "en1",
        HOSTILE + " is what I think",
        "negative",
        title=HOSTILE,
        author=HOSTILE,
        url="javascript:alert(document.cookie)",
    )
    put("forum", "en2", "Nobody has read this one yet.", None)
    put("forum", "old", "Good value for the money.", "positive", day=WEEK - timedelta(days=7))
    for number in range(30):
        put(
            "rival",
            f"r{number}",
            f"Rival review number {number}, nothing special.",
            "neutral" if number % 2 else "positive",
            rating=str(3 + number % 3),
            day=date(2026, 11, 14) + timedelta(days=number % 7),
        )
    put("shop-cs", "story", _STORY, "negative", day=WEEK + timedelta(days=1))
    put("forum", "reprint", _STORY + " (via)", "negative", day=WEEK + timedelta(days=2))
    put(
        "shop-cs",
        "cs2",
        "S obsluhou jsem byla spokojená, pak už ne.",
        "negative",
        language="cs",
        rating="2",
    )
    for days_ago in (20, 6, 1):
        shelf.run("shop-cs", "ok", days_ago)
        shelf.run("shop-fa", "unchanged", days_ago)
        shelf.run("rival", "ok", days_ago)
    shelf.run("forum", "blocked", 6, "403 Forbidden")
    sources.keep_rejects(shelf.store, [Reject("forum", "no date", "line 3", "=1+1")], NOW)
    shelf.alert("one", "Zelvano: negative review on shop-cs", ["cs1"], "warning")
    shelf.alert("two", "Zelvano: a wave", ["cs1", "fa1", "ru1"], "critical")
    _fill_reports(shelf.store)


_STORY = (
    "The warehouse of the company burned down on Tuesday night and all orders of that week will"
    " be late, says a spokesman, who promises refunds to everybody who asks for one by Friday."
)


def _fill_reports(store: Store) -> None:
    wave = surveys.Wave("2026 autumn", date(2026, 10, 1), date(2026, 10, 21), 20)
    answers = [
        SurveyResponse(f"r{i}", NOW, nps=nps, csat=4, language="fa", comment=comment)
        for i, (nps, comment) in enumerate(
            [(10, "عالی"), (9, None), (9, None), (8, None), (6, "=HYPERLINK(1)"), (0, None)]
        )
    ]
    surveys.save(store, "after-delivery", "Zelvano", wave, answers, lambda name: name)
    with store.write() as conn:
        conn.execute(
            "INSERT INTO digests (brand_id, period_start, period_end, recipient, language,"
            " message_id, subject, html, text, created_at) VALUES (1, '2026-11-16', '2026-11-22',"
            " 'brand@example.com', 'fa', '<1@x>', 'هفته زلوانو', ?, 'x', '2026-11-23T06:30:00Z')",
            (
                "<!doctype html><title>D</title><body style='background:#eee'>"
                "<p dir=rtl>زلوانو</p><script>document.title='owned'</script>",
            ),
        )
