"""The deep tier as a scorer and in a cascade, on a small network with random weights."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

import models.deep.model
from models.cascade import EVERYTHING, Cascade, DevSet, choose, mixed
from models.deep.config import DeepConfig
from models.deep.inputs import batches_by_length, codes
from models.deep.light import LightSentiment
from models.deep.model import DeepForSequenceClassification
from models.deep.scorer import DeepSentiment
from models.deep.tokenizer import END, START, encode, train_tokenizer
from models.text import fold, fold_many

TEXTS = [
    "great phone, very good",
    "отличный банк",
    "výborný obchod",
    "خیلی خوب بود",
    "awful phone 😡",
    "ужасный банк!!!",
    "hrozný obchod",
    "خیلی بد بود",
]


def save_deep(folder: Path, **more: object) -> Path:
    """A folder as the recipe writes it, of a network that was never trained."""
    from transformers import PreTrainedTokenizerFast

    tokenizer = train_tokenizer(fold_many(TEXTS), 300)
    torch.manual_seed(3)
    config = DeepConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        licence="for tests",
        trained="2026.11",
        **more,
    )
    model = DeepForSequenceClassification(config)
    with torch.no_grad():  # far from even, so that a mistake shows in the probabilities
        for weight in model.parameters():
            weight.add_(torch.randn_like(weight) * 0.2)
    model.save_pretrained(folder)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", model_max_length=192
    ).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_deep(tmp_path_factory.mktemp("deep") / "weights")


@pytest.fixture(scope="module")
def scorer(folder: Path) -> DeepSentiment:
    return DeepSentiment.open(folder)


def test_transformers_opens_the_folder_once_the_package_is_imported(
    folder: Path, scorer: DeepSentiment
) -> None:
    from transformers import (
        AutoConfig,
        AutoModel,
        AutoModelForSequenceClassification,
        AutoTokenizer,
    )

    assert models.deep.model.DeepConfig is DeepConfig
    assert AutoConfig.from_pretrained(folder).id2label == {
        0: "negative",
        1: "neutral",
        2: "positive",
    }
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokens = tokenizer(["отличный банк"], return_tensors="pt")
    with torch.inference_mode():
        probabilities = model(**tokens).logits.softmax(dim=1).numpy()
        states = AutoModel.from_pretrained(folder).eval()(**tokens).last_hidden_state
    assert np.allclose(probabilities, scorer.score(["отличный банк"]), atol=1e-5)
    assert states.shape == (1, tokens["input_ids"].shape[1], 32)


def test_it_opens_like_any_public_checkpoint(folder: Path, scorer: DeepSentiment) -> None:
    from models.sentiment import open_sentiment

    opened = open_sentiment(str(folder))
    assert np.allclose(opened.score(TEXTS[1:4]), scorer.score(TEXTS[1:4]), atol=1e-5)


def test_rows_are_probabilities_in_the_order_of_the_texts(scorer: DeepSentiment) -> None:
    texts = [text * (1 + place % 5) for place, text in enumerate(TEXTS * 20)]
    together = scorer.score(texts)
    assert together.shape == (len(texts), 3) and together.dtype == np.float32
    assert np.allclose(together.sum(axis=1), 1.0, atol=1e-5)
    alone = np.concatenate([scorer.score([text]) for text in texts[:20]])
    assert np.allclose(together[:20], alone, atol=1e-5)
    assert np.ptp(together, axis=0).max() > 0.05


def test_language_and_kind_are_read_and_unknown_ones_count_as_not_given(
    scorer: DeepSentiment,
) -> None:
    plain = scorer.score(TEXTS)
    assert np.array_equal(plain, scorer.score(TEXTS, ["other"] * 8, [""] * 8))
    assert not np.allclose(plain, scorer.score(TEXTS, ["ru"] * 8), atol=1e-3)
    assert not np.allclose(plain, scorer.score(TEXTS, None, ["post"] * 8), atol=1e-3)
    with pytest.raises(ValueError, match="as many"):
        scorer.score(TEXTS, ["ru"])


def test_nothing_to_read_says_nothing(scorer: DeepSentiment) -> None:
    assert scorer.score([]).shape == (0, 3)
    assert scorer.score([" ", "\u200c\n"]).argmax(axis=1).tolist() == [1, 1]
    hostile = ["\x00", "a" * 5000, "\ud800x", "👍" * 900]
    assert np.isfinite(scorer.score(hostile)).all()


def test_temperatures_move_confidence_but_no_label(tmp_path: Path) -> None:
    degrees = [1.0] * 30
    degrees[5 * 1 + 2] = 8.0  # Russian posts
    hot = DeepSentiment.open(save_deep(tmp_path / "hot", temperature=degrees))
    after = hot.score(TEXTS, ["ru"] * 8, ["post"] * 8)
    rows = encode(hot.tokenizer, fold_many(TEXTS))
    raw = hot.logits(rows, codes(["ru"] * 8, hot.config.languages, 8), np.full(8, 2))
    assert np.array_equal(after.argmax(axis=1), raw.argmax(axis=1))
    exponents = np.exp(raw / 8.0)
    assert np.allclose(after, exponents / exponents.sum(axis=1, keepdims=True), atol=1e-6)
    cool = hot.score(TEXTS, ["ru"] * 8, ["news"] * 8)
    assert cool.max() > after.max()


def test_8_bits_agree_with_32_and_are_named_in_the_revision(
    folder: Path, scorer: DeepSentiment
) -> None:
    small = DeepSentiment.open(folder, int8=True)
    if not small.int8:
        pytest.skip("this torch has no dynamic quantisation left")
    assert small.revision == scorer.revision + "-int8"
    assert np.abs(small.score(TEXTS) - scorer.score(TEXTS)).max() < 0.1


def test_other_weights_have_another_revision(scorer: DeepSentiment, tmp_path: Path) -> None:
    other = DeepSentiment.open(save_deep(tmp_path / "other", temperature=[2.0] * 30))
    assert scorer.revision.startswith("deep-2026.11-") and scorer.licence == "for tests"
    assert other.revision != scorer.revision


def test_a_missing_file_is_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"config\.json"):
        DeepSentiment.open(tmp_path)


def test_a_long_text_keeps_its_start_and_its_end(scorer: DeepSentiment) -> None:
    words = fold(" ".join(["great"] + ["phone"] * 400 + ["awful"]))
    (ids,) = encode(scorer.tokenizer, [words], limit=32)
    assert len(ids) == 32 and (ids[0], ids[-1]) == (START, END)
    kept = scorer.tokenizer.decode(ids)
    assert kept.startswith("great phone") and kept.endswith("awful")


def test_batches_hold_every_text_once_and_keep_within_bounds() -> None:
    lengths = [3, 90, 7, 7, 192, 1, 40] * 9
    batches = list(batches_by_length(lengths, tokens=200, most=8))
    assert sorted(place for batch in batches for place in batch) == list(range(len(lengths)))
    assert all(
        len(batch) <= 8 and len(batch) * max(lengths[place] for place in batch) <= 200
        for batch in batches
    )


def test_numpy_reads_the_recurrent_tier_as_torch_does(tmp_path: Path) -> None:
    save_deep(tmp_path, recurrent=True, temperature=[1.3] * 30)
    light, torch_one = LightSentiment.open(tmp_path), DeepSentiment.open(tmp_path)
    texts = [*TEXTS, "", "👍", " ".join(TEXTS * 30), "bad " * 400]
    given = (["ru", "cs", "fa", "en"] * 3, ["review", "post", "", "news"] * 3)
    together = light.score(texts, *given)
    np.testing.assert_allclose(together, torch_one.score(texts, *given), atol=2e-5)
    alone = np.concatenate(
        [light.score([t], [a], [b]) for t, a, b in zip(texts, *given, strict=True)]
    )
    np.testing.assert_allclose(together, alone, atol=2e-5)
    assert light.revision == torch_one.revision
    assert light.score([]).shape == (0, 3)


def test_numpy_refuses_what_looks_around(folder: Path) -> None:
    with pytest.raises(ValueError, match="need torch"):
        LightSentiment.open(folder)


def test_reading_the_recurrent_tier_loads_neither_torch_nor_transformers(tmp_path: Path) -> None:
    save_deep(tmp_path, recurrent=True)
    code = (
        "import sys; from pathlib import Path; from models.deep.light import LightSentiment\n"
        f"LightSentiment.open(Path({str(tmp_path)!r})).score(['good', 'bad'])\n"
        "print([m for m in ('torch', 'transformers', 'sklearn') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@dataclass
class Fixed:
    """A scorer that knows a few texts by heart and notes what it was asked."""

    name: str
    known: dict[str, tuple[float, float, float]]
    revision: str = "1"
    licence: str = "free"
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def score(
        self,
        texts: Sequence[str],
        languages: Sequence[str] | None = None,
        kinds: Sequence[str] | None = None,
    ) -> NDArray[np.float32]:
        blank = [""] * len(texts)
        self.asked += list(zip(texts, languages or blank, kinds or blank, strict=True))
        return np.array([self.known[text] for text in texts], np.float32).reshape(-1, 3)


def test_the_cascade_asks_the_deep_tier_only_where_the_fast_one_is_unsure() -> None:
    fast = Fixed("fast", {"sure": (0.9, 0.05, 0.05), "unsure": (0.5, 0.3, 0.2)})
    deep = Fixed("deep", {"unsure": (0.1, 0.1, 0.8)}, licence="other")
    both = Cascade(fast, deep, threshold=0.7)
    scored = both.score(["sure", "unsure", "sure"], ["ru", "cs", "fa"], ["post", "news", ""])
    assert deep.asked == [("unsure", "cs", "news")]
    assert np.allclose(scored, [(0.9, 0.05, 0.05), (0.3, 0.2, 0.5), (0.9, 0.05, 0.05)])
    assert (both.name, both.licence) == ("fast", "free and other")
    assert both.score([]).shape == (0, 3)


def test_the_cascade_takes_the_threshold_its_weights_were_given(
    folder: Path, tmp_path: Path
) -> None:
    fast = Fixed("fast", {})
    with pytest.raises(ValueError, match="cascade_threshold"):
        Cascade.open(fast, folder)
    save_deep(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(
        json.dumps(config | {"cascade_threshold": 0.66, "cascade_share": 0.6})
    )
    opened = Cascade.open(fast, tmp_path)
    assert (opened.threshold, opened.share) == (0.66, 0.6)


def dev_set(language: str, wrong_below: float, deep_right: bool = True) -> DevSet:
    """400 texts; the fast tier errs wherever its confidence is under `wrong_below`."""
    rng = np.random.default_rng(7)
    truth = rng.integers(0, 3, 400)
    confidence = rng.uniform(0.4, 1.0, 400)
    fast = _about(np.where(confidence < wrong_below, (truth + 1) % 3, truth), confidence)
    deep = _about(truth if deep_right else (truth + 1) % 3, np.full(400, 0.98))
    return DevSet(language, fast, deep, truth)


def _about(chosen: NDArray[np.int64], confidence: NDArray[np.float64]) -> NDArray[np.float32]:
    result = np.repeat(((1 - confidence) / 2)[:, None], 3, axis=1).astype(np.float32)
    result[np.arange(len(chosen)), chosen] = confidence
    return result


def test_the_threshold_is_the_lowest_that_loses_next_to_nothing_in_any_language() -> None:
    easy = choose([dev_set("en", 0.5)])
    assert 0.48 <= easy.threshold <= 0.52 and easy.kept
    hard = choose([dev_set("en", 0.5), dev_set("fa", 0.8)])
    assert 0.76 <= hard.threshold <= 0.82
    assert hard.read_twice > easy.read_twice > 0
    useless = choose([dev_set("en", 0.0, deep_right=False)])
    assert useless.read_twice == 0  # the fast tier alone is better: nothing is read twice


def test_a_deep_tier_that_the_mean_spoils_is_reported_as_not_kept() -> None:
    truth = np.array([0, 2] * 50)
    fast, deep = _about(2 - truth, np.full(100, 0.98)), _about(truth, np.full(100, 0.4))
    choice = choose([DevSet("cs", fast, deep, truth)])
    assert choice.threshold == EVERYTHING and not choice.kept


def test_a_deep_tier_that_knows_better_counts_more() -> None:
    truth = np.array([0, 2] * 50)
    fast, deep = _about(2 - truth, np.full(100, 0.6)), _about(truth, np.full(100, 0.55))
    choice = choose([DevSet("cs", fast, deep, truth)])
    assert choice.kept and choice.share > 0.5
    fast_row, deep_row = fast[:1], deep[:1]
    assert mixed(fast_row, deep_row, 0.6) == pytest.approx(0.4 * fast_row + 0.6 * deep_row)
