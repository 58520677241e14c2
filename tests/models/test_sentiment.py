"""The embedded scorer, as the application and a user meet it."""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from models.ngram import NgramSentiment
from models.sentiment import EMBEDDED, LABELS, NGRAMS, Sentiment, open_sentiment

CLEAR = {
    "ru": (
        "Ужасный сервис, деньги не вернули, никому не советую",
        "Отличный магазин, всё понравилось, спасибо большое!",
    ),
    "cs": (
        "Hrozná kvalita, po týdnu se to rozbilo, nedoporučuji",
        "Výborný výrobek, jsem moc spokojená, doporučuji všem",
    ),
    "fa": ("خیلی بد بود، اصلا راضی نیستم و پشیمان شدم", "عالی بود، خیلی راضی هستم و پیشنهاد می‌کنم"),
    "en": (
        "Terrible service, they never refunded me, avoid this place",
        "Excellent product, works perfectly, I love it and recommend it",
    ),
}


@pytest.fixture(scope="module")
def ngrams() -> NgramSentiment:
    opened = open_sentiment(NGRAMS)
    assert isinstance(opened, NgramSentiment)
    return opened


@pytest.fixture(scope="module", params=[EMBEDDED, NGRAMS])
def scorer(request: pytest.FixtureRequest) -> Sentiment:
    return open_sentiment(request.param)


@pytest.mark.parametrize("language", CLEAR)
@pytest.mark.parametrize("kind", ["review", "post", "comment", ""])
def test_clear_texts_are_judged_rightly(scorer: Sentiment, language: str, kind: str) -> None:
    scored = scorer.score(CLEAR[language], [language] * 2, [kind] * 2)
    assert [LABELS[place] for place in scored.argmax(axis=1)] == ["negative", "positive"]


def test_neither_language_nor_kind_is_needed(scorer: Sentiment) -> None:
    for negative, positive in CLEAR.values():
        scored = scorer.score([negative, positive])
        assert scored[0, 0] > scored[1, 0]
        assert scored[1, 2] > scored[0, 2]


def test_unknown_languages_and_kinds_count_as_not_given(scorer: Sentiment) -> None:
    texts = ["Отличный магазин", "ok"]
    np.testing.assert_array_equal(
        scorer.score(texts, ["other", "uk"], ["interview", ""]), scorer.score(texts)
    )


def test_rows_sum_to_one_in_the_order_of_the_texts(scorer: Sentiment) -> None:
    texts = [text for pair in CLEAR.values() for text in pair] * 200
    scored = scorer.score(texts)
    assert scored.shape == (len(texts), 3)
    assert scored.dtype == np.float32
    np.testing.assert_allclose(scored.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(scored[:8], scored[-8:], atol=1e-6)
    np.testing.assert_allclose(scorer.score(texts[3:4])[0], scored[3], atol=1e-6)


def test_spelling_does_not_change_the_score(scorer: Sentiment) -> None:
    pairs = [
        ("كيفيت خيلي خوب", "کیفیت خیلی خوب"),
        ("Всё плохо", "Все плохо"),
        ("so goooood", "so gooooooood"),
    ]
    for one, other in pairs:
        np.testing.assert_array_equal(scorer.score([one]), scorer.score([other]))


def test_empty_and_odd_texts_are_scored_calmly(scorer: Sentiment) -> None:
    texts = ["", "   ", "\n\n", "👍", "\ud800", "a" * 20000, "?!", "\x00"]
    scored = scorer.score(texts)
    assert np.isfinite(scored).all()
    assert [LABELS[place] for place in scored[:3].argmax(axis=1)] == ["neutral"] * 3
    assert scorer.score([]).shape == (0, 3)


def test_lists_of_different_length_are_refused(scorer: Sentiment) -> None:
    with pytest.raises(ValueError, match="as many"):
        scorer.score(["a", "b"], ["en"])


def test_the_revision_names_tier_month_and_digest(ngrams: NgramSentiment) -> None:
    tier, year, digest = ngrams.revision.split("-")
    assert (tier, len(year), len(digest)) == ("ngram", 7, 8)
    assert "non-commercial" in ngrams.licence
    both = open_sentiment().revision
    assert both.startswith(f"{ngrams.revision}+deep-") and "@0." in both


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"config\.json"):
        NgramSentiment.open(tmp_path)


def test_weights_stay_small(ngrams: NgramSentiment) -> None:
    assert sum(path.stat().st_size for path in ngrams.folder.iterdir()) < 8_000_000
    everything = ngrams.folder.parent.rglob("*")
    assert sum(path.stat().st_size for path in everything if path.is_file()) < 30_000_000


def test_scoring_imports_no_torch_and_is_quick() -> None:
    code = (
        "import sys\n"
        "from models.sentiment import open_sentiment\n"
        "open_sentiment().score(['Отличный банк'] * 3)\n"
        "print([m for m in ('torch', 'transformers', 'sklearn') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_four_thousand_short_texts_take_well_under_their_second_of_processor(
    ngrams: NgramSentiment,
) -> None:
    texts = [
        f"{text} {number}" for number in range(500) for pair in CLEAR.values() for text in pair
    ]
    ngrams.score(texts[:600])
    started = time.process_time()
    ngrams.score(texts)
    assert time.process_time() - started < 1.0
