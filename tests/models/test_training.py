"""Training from files to weights that score, on a small set written here."""

import gzip
import json
import random
import re
from pathlib import Path

import numpy as np
import pytest

from models.ngram import NgramSentiment
from models.training import train as training
from models.training.data import (
    Example,
    data_files,
    kind_of,
    ordinal_target,
    read_examples,
    respelled,
    without_leaks,
)
from models.training.latin import in_latin_letters
from models.training.templates import sentences

SMALL = training.Recipe(bits=14, rounds=25)
GOOD = ["great phone", "very good service", "отличный банк", "výborný obchod", "خیلی خوب بود"]
BAD = ["awful phone", "very bad service", "ужасный банк", "hrozný obchod", "خیلی بد بود"]
PLAIN = ["the phone has a screen", "the bank opens at nine", "obchod je v centru"]


def write_set(root: Path, language: str, name: str, rows: list[dict[str, object]]) -> None:
    folder = root / language
    folder.mkdir(parents=True, exist_ok=True)
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as lines:
        for row in rows:
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")


def row(text: str, label: str, split: str = "train", **more: object) -> dict[str, object]:
    return {"text": text, "label": label, "rating": None, "domain": "goods", "split": split} | more


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rows = [
        row(f"{text} {number} x{number}", label, "dev" if number % 5 == 0 else "train")
        for number in range(30)
        for label, texts in (("positive", GOOD), ("negative", BAD), ("neutral", PLAIN))
        for text in texts
    ]
    write_set(tmp_path / "data", "en", "mixed", rows)
    thumbs = [row(str(each["text"]) + " yes", str(each["label"])) for each in rows]
    write_set(
        tmp_path / "data", "cs", "thumbs", [each for each in thumbs if each["label"] != "neutral"]
    )
    return tmp_path / "data"


def test_training_repeats_itself_and_the_weights_score(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for out in ("one", "two"):
        training.main(["--data", str(data), "--out", str(tmp_path / out)], SMALL)
    first, second = (NgramSentiment.open(tmp_path / out) for out in ("one", "two"))
    assert first.revision == second.revision
    scored = first.score([*GOOD, *BAD, *PLAIN])
    assert scored.argmax(axis=1).tolist() == [2] * 5 + [0] * 5 + [1] * 3
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text())
    assert manifest["sets"]["en/mixed"]["rows"] == 312
    assert len(manifest["data_sha256"]) == 64
    assert "train rows" in capsys.readouterr().out


def test_other_data_give_another_revision(data: Path, tmp_path: Path) -> None:
    training.main(["--data", str(data), "--out", str(tmp_path / "one")], SMALL)
    write_set(data, "en", "more", [row("a different text altogether", "negative")])
    training.main(["--data", str(data), "--out", str(tmp_path / "two")], SMALL)
    one, two = (NgramSentiment.open(tmp_path / out) for out in ("one", "two"))
    assert one.revision != two.revision


def test_missing_data_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        training.main(["--data", str(tmp_path), "--out", str(tmp_path / "out")])


def test_copies_of_held_out_texts_are_not_trained_on(tmp_path: Path) -> None:
    long = "a long review that goes on and on " * 8
    write_set(
        tmp_path,
        "fa",
        "one",
        [
            row("کیفیت خوب‌ بود", "positive", "test"),
            row("كيفيت خوب بود !", "positive"),
            row("بد بود", "negative"),
        ],
    )
    write_set(
        tmp_path,
        "en",
        "two",
        [
            row(long, "negative", "ood"),
            row(long.upper()[:200], "negative"),
            row("short", "neutral"),
        ],
    )
    kept, lost = without_leaks(read_examples(data_files(tmp_path)))
    assert [each.text for each in kept if each.split == "train"] == ["short", "بد بود"]
    assert lost == {"one": 1, "two": 1}


def test_kinds_of_domains() -> None:
    assert kind_of("goods:books") == "review"
    assert kind_of("social-bank") == "post"
    assert kind_of("comment") == "comment"
    assert kind_of("film-subtitles") is None
    assert kind_of(None) is None


def test_four_stars_are_partly_neutral(tmp_path: Path) -> None:
    write_set(
        tmp_path,
        "en",
        "tripadvisor_hotels",
        [
            row("a", "positive", rating="5.0"),
            row("b", "positive", rating="4.0"),
            row("c", "neutral", rating="3.0"),
            row("d", "negative", rating="2"),
        ],
    )
    targets = [ordinal_target(each, 0.2) for each in read_examples(data_files(tmp_path))]
    assert targets == [(0, 0, 1), (0, 0.2, 0.8), (0, 1, 0), (0.8, 0.2, 0)]


def test_texts_are_respelled_as_people_type_them() -> None:
    def example(text: str, language: str) -> Example:
        return Example(text, "neutral", None, "set", language, "goods", "review", "train")

    assert respelled(example("příšerné", "cs")) == "priserne"
    assert respelled(example("می‌شود", "fa")) == "میشود"
    assert respelled(example("naïve", "en")) == "naïve"
    latin = {respelled(example(f"Хорошо, ещё {number}", "ru")) for number in range(20)}
    assert any(text.startswith("horosho, esche") for text in latin)
    assert any(text.startswith("Хорошо") for text in latin)
    persian = {respelled(example(f"خیلی بد نبود {number}", "fa")) for number in range(20)}
    assert any(text.startswith(("kheyli bad nabood", "kheili bad nabood")) for text in persian)


def test_persian_in_latin_letters_has_its_vowels_back() -> None:
    rng = random.Random(7)
    written = in_latin_letters("نمی‌ارزه، باتریش زود خراب شد ۳ بار!", "fa", rng)
    assert written == "nemi arze، batrish zod kharab shod ۳ bar!"
    for text in ("رستورانشون", "قشنگ‌ترین", "گوشیهای", "ئ", "", "هٔ"):
        latin = in_latin_letters(text, "fa", rng)
        assert not re.search("[\u0621-\u064a\u067e-\u06cc]", latin), (text, latin)


def test_templates_are_plain_sentences_of_every_language_and_label() -> None:
    filled = list(sentences())
    assert len(set(filled)) == len(filled) > 1000
    assert {(language, label) for language, _, label in filled} == {
        (language, label)
        for language in ("ru", "cs", "fa", "en")
        for label in ("negative", "neutral", "positive")
    }
    assert not any("{" in text for _, text, _ in filled)


def test_rare_classes_and_small_sets_count_for_more() -> None:
    rows = [
        Example(
            str(place),
            "positive" if place else "negative",
            None,
            "set",
            "en",
            "goods",
            "review",
            "train",
        )
        for place in range(9)
    ]
    weights = training.row_weights(rows, training.Recipe(class_power=1.0))
    assert weights[0] == pytest.approx(4.5)
    assert weights.sum() == pytest.approx(9.0)


def test_gradient_matches_differences() -> None:
    """The loss of a set without neutral ignores the neutral log-odds."""
    from models.training.regression import Problem, _loss

    rng = np.random.default_rng(1)
    logits = rng.normal(size=(6, 3)).astype(np.float32)
    targets = np.eye(3, dtype=np.float32)[[0, 2, 2, 0, 1, 2]]
    binary = np.array([True, True, False, False, False, False])
    empty = np.empty(0, np.int64)
    problem = Problem(None, targets, np.ones(6, np.float32), binary, empty, empty, 1, 1)  # type: ignore[arg-type]
    _, slope = _loss(logits.copy(), problem)
    for place in np.ndindex(6, 3):
        nudged = [logits.copy(), logits.copy()]
        nudged[0][place] += 0.01
        nudged[1][place] -= 0.01
        up, down = (_loss(each, problem)[0] for each in nudged)
        assert slope[place] == pytest.approx((up - down) / 0.02, abs=1e-3)
    assert (slope[:2, 1] == 0).all()
