"""The model adapted to a user's own labels: what is learnt, judged, refused and opened again."""

import json
from pathlib import Path

import numpy as np
import pytest

from models.adapted import AdaptedSentiment
from models.behaviour import LANGUAGES, failures
from models.sentiment import open_sentiment
from models.training.adapt import FEWEST, adapt

# A trade's own words, which nobody outside it would take for praise or blame.
ROWS = [
    {"text": f"{start} {word} {end}", "label": label, "language": "en", "kind": "review"}
    for label, words in (
        ("positive", ("sounds like a dry stave", "a proper angel's share", "full barrel proof")),
        ("negative", ("all feints", "straight from the spittoon", "a watched wash")),
        ("neutral", ("cask number nine", "a double retort", "a racked charge")),
    )
    for word in words
    for start in ("The batch:", "Tonight", "This year's bottling,", "Sample two:", "Again")
    for end in ("", "they say", "from the lower shelf", "as poured")
]


@pytest.fixture(scope="module")
def adapted(tmp_path_factory: pytest.TempPathFactory) -> tuple[AdaptedSentiment, object]:
    report, write = adapt(open_sentiment(), ROWS, tmp_path_factory.mktemp("own") / "model")
    return write(), report


def test_it_learns_words_that_only_the_user_knows(adapted: tuple[AdaptedSentiment, object]) -> None:
    scorer, report = adapted
    texts = ["Opened it: all feints again", "Opened it: full barrel proof again"]
    base = open_sentiment().score(texts, ["en", "en"], ["review"] * 2)
    own = scorer.score(texts, ["en", "en"], ["review"] * 2)
    assert own[0, 0] > base[0, 0] + 0.1 and own[1, 2] > base[1, 2] + 0.1
    np.testing.assert_allclose(own.sum(axis=1), 1, atol=1e-5)
    before, after = report.own["en"]  # type: ignore[attr-defined]
    assert after.macro_f1 > before.macro_f1 + 0.1 and after.log_loss < before.log_loss
    assert after.n == before.n == len(ROWS)


def test_other_languages_and_the_suites_keep_what_they_had(
    adapted: tuple[AdaptedSentiment, object],
) -> None:
    scorer, report = adapted
    before, after = report.gate["fa"]  # type: ignore[attr-defined]
    assert abs(after - before) <= 0.02
    found = failures(scorer, "fa").values()
    assert after == sum(f for f, _ in found) / sum(n for _, n in found)
    assert set(report.gate) == set(LANGUAGES)  # type: ignore[attr-defined]


def test_the_folder_opens_by_its_name_with_a_revision_of_its_own(
    adapted: tuple[AdaptedSentiment, object],
) -> None:
    scorer, _ = adapted
    again = open_sentiment(str(scorer.folder))
    assert again.revision == scorer.revision != open_sentiment().revision
    texts = ["all feints", "доставка быстрая"]
    np.testing.assert_array_equal(again.score(texts), scorer.score(texts))


def test_weights_made_for_other_weights_are_refused(
    adapted: tuple[AdaptedSentiment, object], tmp_path: Path
) -> None:
    scorer, _ = adapted
    for path in scorer.folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(config | {"base_revision": "ngram-older"}))
    with pytest.raises(ValueError, match="monitor train"):
        open_sentiment(str(tmp_path))


@pytest.mark.parametrize(
    ("rows", "why"),
    [(ROWS[: FEWEST - 1], "at least"), ([r for r in ROWS if r["label"] == "neutral"], "neutral")],
)
def test_what_cannot_teach_anything_is_refused(
    rows: list[dict[str, str]], why: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=why):
        adapt(open_sentiment(), rows, tmp_path)
