"""Figures that can be checked by hand."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.training.evaluate import evaluate, figures, languages_of, read_rows

N, Z, P = 0, 1, 2


def given(*rows: tuple[float, float, float]) -> NDArray[np.float64]:
    return np.array(rows, dtype=np.float64)


def test_figures_of_a_small_set() -> None:
    probabilities = given((0.8, 0.1, 0.1), (0.6, 0.3, 0.1), (0.1, 0.7, 0.2), (0.1, 0.1, 0.8))
    result = figures(probabilities, np.array([N, Z, Z, P]))
    assert result.n == 4
    assert result.accuracy == 0.75
    negative = result.per_class["negative"]
    assert (negative.precision, negative.recall, negative.n) == (0.5, 1.0, 1)
    assert result.macro_f1 == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)
    assert result.macro_recall == pytest.approx((1 + 0.5 + 1) / 3)


def test_a_set_without_neutral_is_a_binary_question() -> None:
    result = figures(given((0.3, 0.6, 0.1), (0.1, 0.5, 0.4)), np.array([N, P]))
    assert result.accuracy == 1.0
    assert set(result.per_class) == {"negative", "positive"}
    assert result.ece == pytest.approx((0.25 + 0.2) / 2)


def test_certain_and_right_is_perfectly_calibrated_certain_and_wrong_is_not() -> None:
    assert figures(given((1, 0, 0), (0, 1, 0)), np.array([N, Z])).ece == 0.0
    assert figures(given((1, 0, 0), (1, 0, 0)), np.array([Z, Z])).ece == 1.0


class Recorder:
    """A scorer that keeps what it was asked."""

    name, revision, licence = "recorder", "1", "none"

    def __init__(self) -> None:
        self.asked: list[tuple[list[str], list[str]]] = []

    def score(
        self,
        texts: Sequence[str],
        languages: Sequence[str] | None = None,
        kinds: Sequence[str] | None = None,
    ) -> NDArray[np.float32]:
        self.asked.append((list(languages or []), list(kinds or [])))
        return np.full((len(texts), 3), 1 / 3, np.float32)


def test_kind_comes_from_the_domain_and_language_from_the_text() -> None:
    rows = [
        {
            "text": "Отличный магазин, всем советую, буду заказывать",
            "label": "positive",
            "domain": "goods:books",
        },
        {"text": "ok", "label": "neutral", "kind": "comment", "language": "cs"},
        {"text": "It arrived late and nobody answered the phone", "label": "negative"},
    ]
    scorer = Recorder()
    assert evaluate(rows, scorer).n == 3
    assert scorer.asked == [(["ru", "cs", "en"], ["review", "comment", ""])]


def test_a_stated_language_is_believed() -> None:
    assert languages_of([{"language": "fa"}], ["plain English words stand here"]) == ["fa"]


def test_a_short_text_is_in_the_language_of_its_file() -> None:
    texts = ["Zboží dorazilo včas a je přesně takové, jaké má být", "Příště zase u vás", "super"]
    assert languages_of([{}] * 3, texts) == ["cs", "cs", "cs"]


def test_nothing_to_evaluate_is_an_error() -> None:
    with pytest.raises(ValueError, match="no labelled rows"):
        evaluate([], Recorder())


def test_rows_are_read_plain_and_zipped(tmp_path: Path) -> None:
    row = {"text": "خوب", "label": "positive"}
    line = json.dumps(row, ensure_ascii=False) + "\n\n"
    (tmp_path / "a.jsonl").write_text(line, encoding="utf-8")
    with gzip.open(tmp_path / "a.jsonl.gz", "wt", encoding="utf-8") as packed:
        packed.write(line)
    assert read_rows(tmp_path / "a.jsonl") == read_rows(tmp_path / "a.jsonl.gz") == [row]


@pytest.mark.parametrize("row", [{"text": "a", "label": "good"}, {"label": "neutral"}, ["text"]])
def test_a_row_that_cannot_be_used_is_named(tmp_path: Path, row: object) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(json.dumps({"text": "a", "label": "neutral"}) + "\n" + json.dumps(row))
    with pytest.raises(ValueError, match=r"bad\.jsonl, row 2"):
        read_rows(path)


def test_error_rates_are_means_over_sets_by_language_and_kind() -> None:
    from models.training.calibrate import FEW, error_rates

    def one_set(found: float, wrong: float) -> tuple[list[int], list[int]]:
        half = FEW // 2 + 5
        truth = [0] * half + [1] * half
        called = [0] * round(found * half) + [2] * (half - round(found * half))
        called += [0] * round(wrong * half) + [2] * (half - round(wrong * half))
        return called, truth

    first, second, tiny = one_set(0.8, 0.1), one_set(0.6, 0.3), ([0, 2], [0, 1])
    sets = {"a": ("review", first), "b": ("post", second), "tiny": ("post", tiny)}
    rows = [
        (called, truth, kind, name)
        for name, (kind, (calls, truths)) in sets.items()
        for called, truth in zip(calls, truths, strict=True)
    ]
    called, truth, kinds, names = (list(column) for column in zip(*rows, strict=True))
    rates = error_rates(np.array(called), np.array(truth), ["ru"] * len(rows), kinds, names)
    assert [(code, kind, round(f, 2), round(w, 2)) for code, kind, f, w, _ in rates] == [
        ("ru", "", 0.7, 0.2),
        ("ru", "post", 0.6, 0.3),
        ("ru", "review", 0.8, 0.1),
    ]
