"""Comments of surveys are scored as mentions are, language by language, once a revision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from support import WordAspects, WordScorer

from monitor.records import Brand, SurveyResponse
from monitor.score import score_comments
from monitor.store import Store, open_store, sources
from monitor.store.surveys import Wave, save

NOW = datetime(2026, 10, 20, tzinfo=UTC)
AUTUMN = Wave("2026 autumn", date(2026, 10, 1), date(2026, 10, 21), invited=200)
SAID = {
    "a": ("The delivery was bad", "en", 9.0),
    "b": ("dobrý obchod", None, 3.0),
    "c": ("nicht schlecht", "de", None),
    "d": (None, None, 10.0),
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "monitor.db")
    sources.sync(opened, [Brand("Zelvano", "own", "Europe/Prague", 1)], [])
    keep(opened, SAID)
    yield opened
    opened.close()


def keep(store: Store, said: dict[str, tuple[str | None, str | None, float | None]]) -> None:
    responses = [
        SurveyResponse(name, NOW, nps=nps, comment=text, language=language)
        for name, (text, language, nps) in said.items()
    ]
    save(store, "after-delivery", "Zelvano", AUTUMN, responses, str)


def identify(texts: Sequence[str], hints: Sequence[str | None]) -> Sequence[tuple[str, float]]:
    return [(hint or "cs", 1.0) for hint in hints]


def run(store: Store) -> int:
    return score_comments(store, WordScorer(), WordAspects(), identify, lambda: NOW)


def test_comments_get_labels_aspects_and_languages_and_scores_stay_as_given(store: Store) -> None:
    assert run(store) == 2
    rows = {row["comment"]: row for row in store.rows("SELECT * FROM survey_comments")}
    bad, good, foreign = (rows[SAID[name][0]] for name in "abc")
    assert (bad["label"], bad["language"], bad["nps"], bad["aspects"]) == (
        "negative", "en", 9, "delivery",
    )  # fmt: skip
    assert (good["label"], good["language"], good["aspects"]) == ("positive", "cs", None)
    assert (foreign["label"], foreign["language"]) == (None, "de")
    assert len(rows) == 3
    waves = {row["language"]: row for row in store.rows("SELECT * FROM comments_by_wave")}
    assert (waves["en"]["net_sentiment"], waves["cs"]["net_sentiment"]) == (-100, 100)
    assert (waves["de"]["scored"], waves["de"]["net_sentiment"]) == (0, None)
    assert waves["en"]["comment_rate"] == 0.25


def test_nothing_is_scored_twice_and_a_changed_comment_is_again(store: Store) -> None:
    run(store)
    assert run(store) == 0
    keep(store, {**SAID, "a": ("The delivery was good after all", "en", 9.0)})
    waiting = store.value("SELECT count(*) FROM survey_comments WHERE confidence IS NULL")
    assert waiting == 2  # the changed one, and the one nobody reads
    assert run(store) == 1
    labels = [row["label"] for row in store.rows("SELECT label FROM survey_comments ORDER BY 1")]
    assert labels == [None, "positive", "positive"]
    assert store.rows("SELECT label FROM comment_aspects")[0]["label"] == "positive"


def test_another_revision_reads_all_of_them_again(store: Store) -> None:
    run(store)

    class Newer(WordScorer):
        revision = "words-2"

    assert score_comments(store, Newer(), WordAspects(), identify, lambda: NOW) == 2


def test_who_is_erased_leaves_no_score_behind(store: Store) -> None:
    run(store)
    with store.write() as conn:
        conn.execute("DELETE FROM survey_responses")
    assert store.value("SELECT count(*) FROM comment_scores") == 0
    assert store.value("SELECT count(*) FROM comment_aspects") == 0
