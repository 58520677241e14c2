"""Public sentiment checkpoints that `models.checkpoint` can open, and what to know before doing so.

None of them was trained on both Czech and Persian sentiment; those built on XLM-R answer there by
transfer only. The licence is the one stated on the checkpoint's card, `unstated` where we found
none: ask before commercial use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One public checkpoint.

    `label_map` is needed only where the labels' names do not say what they mean;
    `millions` is the number of parameters, `download_mb` the size of its weights in 32 bits.
    """

    id: str
    millions: int
    labels: str
    licence: str
    languages: tuple[str, ...]
    note: str = ""
    label_map: Mapping[str, str] = field(default_factory=dict)

    @property
    def download_mb(self) -> int:
        return self.millions * 4


_STARS = "1 star .. 5 stars"
_THREE = "negative, neutral, positive"

CHECKPOINTS: tuple[Checkpoint, ...] = (
    Checkpoint(
        "cardiffnlp/twitter-xlm-roberta-base-sentiment",
        278,
        _THREE,
        "unstated",
        ("ar", "en", "fr", "de", "hi", "it", "pt", "es"),
        "tweets; Russian, Czech and Persian by transfer only",
    ),
    Checkpoint(
        "cardiffnlp/twitter-xlm-roberta-base-sentiment-multilingual",
        278,
        _THREE,
        "unstated",
        ("ar", "en", "fr", "de", "hi", "it", "pt", "es"),
        "tweets",
    ),
    Checkpoint(
        "lxyuan/distilbert-base-multilingual-cased-sentiments-student",
        135,
        "positive, neutral, negative",
        "Apache-2.0",
        ("en", "ar", "de", "es", "fr", "ja", "zh", "id", "hi", "it", "ms", "pt"),
        "labels stand in the reverse order: only safe because labels are mapped by name",
    ),
    Checkpoint(
        "tabularisai/multilingual-sentiment-analysis",
        135,
        "very negative .. very positive",
        "CC-BY-NC-4.0",
        ("en", "ru", "de", "es", "fr", "zh", "ja", "ar", "hi", "it", "pl", "tr"),
        "trained on synthetic texts only; not for commercial use",
    ),
    Checkpoint(
        "nlptown/bert-base-multilingual-uncased-sentiment",
        167,
        _STARS,
        "MIT",
        ("en", "nl", "de", "fr", "it", "es"),
        "product reviews; weak on negation",
    ),
    Checkpoint(
        "clapAI/modernBERT-base-multilingual-sentiment",
        150,
        _THREE,
        "Apache-2.0",
        (
            "en",
            "ru",
            "ar",
            "de",
            "es",
            "fr",
            "hi",
            "id",
            "it",
            "ja",
            "ko",
            "ms",
            "pt",
            "tr",
            "vi",
            "zh",
        ),
    ),
    Checkpoint(
        "clapAI/roberta-base-multilingual-sentiment",
        278,
        _THREE,
        "Apache-2.0",
        (
            "en",
            "ru",
            "ar",
            "de",
            "es",
            "fr",
            "hi",
            "id",
            "it",
            "ja",
            "ko",
            "ms",
            "pt",
            "tr",
            "vi",
            "zh",
        ),
    ),
    Checkpoint(
        "seara/rubert-tiny2-russian-sentiment",
        29,
        "neutral, positive, negative",
        "MIT",
        ("ru",),
        "small and fast; labels start with neutral",
    ),
    Checkpoint(
        "cointegrated/rubert-tiny-sentiment-balanced",
        12,
        _THREE,
        "unstated",
        ("ru",),
    ),
    Checkpoint(
        "HooshvareLab/bert-fa-base-uncased-sentiment-snappfood",
        163,
        "HAPPY, SAD",
        "Apache-2.0",
        ("fa",),
        "orders of food; two classes, neutral is a band around one half",
        {"happy": "positive", "sad": "negative"},
    ),
    Checkpoint(
        "HooshvareLab/bert-fa-base-uncased-sentiment-digikala",
        163,
        "recommended, not_recommended, no_idea",
        "Apache-2.0",
        ("fa",),
        "products",
        {"recommended": "positive", "not_recommended": "negative", "no_idea": "neutral"},
    ),
    Checkpoint(
        "jakubmach/cs-sentiment-small-e-czech-v2",
        14,
        _THREE,
        "unstated",
        ("cs",),
        "its card gives F1 0.00 for neutral: do not trust that class",
    ),
)


def known(name: str) -> Checkpoint | None:
    """What is known of the checkpoint called `name`, if it is listed."""
    return next((each for each in CHECKPOINTS if each.id == name), None)
