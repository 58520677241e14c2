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
    `millions` is the number of parameters, `download_mb` the size of its weights in 32 bits;
    `revision` is the commit it is read at, None where we found none to pin; `safetensors` is false
    where that commit holds pickled weights only, which are not opened: convert them first.
    """

    id: str
    millions: int
    labels: str
    licence: str
    languages: tuple[str, ...]
    note: str = ""
    label_map: Mapping[str, str] = field(default_factory=dict)
    revision: str | None = None
    safetensors: bool = True

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
        revision="f2f1202b1bdeb07342385c3f807f9c07cd8f5cf8",
        safetensors=False,
    ),
    Checkpoint(
        "cardiffnlp/twitter-xlm-roberta-base-sentiment-multilingual",
        278,
        _THREE,
        "unstated",
        ("ar", "en", "fr", "de", "hi", "it", "pt", "es"),
        "tweets",
        revision="82107f4ccba672c9ab1eee538e727e462cad21de",
        safetensors=False,
    ),
    Checkpoint(
        "lxyuan/distilbert-base-multilingual-cased-sentiments-student",
        135,
        "positive, neutral, negative",
        "Apache-2.0",
        ("en", "ar", "de", "es", "fr", "ja", "zh", "id", "hi", "it", "ms", "pt"),
        "labels stand in the reverse order: only safe because labels are mapped by name",
        revision="cf991100d706c13c0a080c097134c05b7f436c45",
    ),
    Checkpoint(
        "tabularisai/multilingual-sentiment-analysis",
        135,
        "very negative .. very positive",
        "CC-BY-NC-4.0",
        ("en", "ru", "de", "es", "fr", "zh", "ja", "ar", "hi", "it", "pl", "tr"),
        "trained on synthetic texts only; not for commercial use",
        revision="5637087870c646575e013c27e8b0f7609576f433",
    ),
    Checkpoint(
        "nlptown/bert-base-multilingual-uncased-sentiment",
        167,
        _STARS,
        "MIT",
        ("en", "nl", "de", "fr", "it", "es"),
        "product reviews; weak on negation",
        revision="8f6f4e3a8f70be4b65d3a4a8762b6d781cda240d",
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
        revision="78afe9b7a2bae92702d375004800a85163f9f215",
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
        revision="1ca80926bb100077eb60ffb79fb918a77adfdff0",
    ),
    Checkpoint(
        "cointegrated/rubert-tiny-sentiment-balanced",
        12,
        _THREE,
        "unstated",
        ("ru",),
        revision="e0679dd4460e48648f5d4d819ae0f505384f5a9d",
    ),
    Checkpoint(
        "HooshvareLab/bert-fa-base-uncased-sentiment-snappfood",
        163,
        "HAPPY, SAD",
        "Apache-2.0",
        ("fa",),
        "orders of food; two classes, neutral is a band around one half",
        {"happy": "positive", "sad": "negative"},
        revision="210238cba02aaa493a4ebb835f85abf8be897af8",
        safetensors=False,
    ),
    Checkpoint(
        "HooshvareLab/bert-fa-base-uncased-sentiment-digikala",
        163,
        "recommended, not_recommended, no_idea",
        "Apache-2.0",
        ("fa",),
        "products",
        {"recommended": "positive", "not_recommended": "negative", "no_idea": "neutral"},
        revision="9632e7f2f40923ce534c72b504af9c54033f4924",
        safetensors=False,
    ),
    Checkpoint(
        "jakubmach/cs-sentiment-small-e-czech-v2",
        14,
        _THREE,
        "unstated",
        ("cs",),
        "its card gives F1 0.00 for neutral: do not trust that class",
    ),
    Checkpoint(
        "seara/rubert-base-cased-russian-sentiment",
        178,
        "neutral, positive, negative",
        "MIT",
        ("ru",),
        "labels start with neutral",
        revision="e780d109c685b80bca38bc8cacfb0ba4eeb3de79",
    ),
    Checkpoint(
        "MonoHime/rubert-base-cased-sentiment-new",
        178,
        "neutral, positive, negative",
        "unstated",
        ("ru",),
        revision="b86df7a3196bc915e18536054d7823820771367e",
    ),
    Checkpoint(
        "distilbert/distilbert-base-uncased-finetuned-sst-2-english",
        67,
        "negative, positive",
        "Apache-2.0",
        ("en",),
        "film sentences; two classes, neutral is a band around one half",
        revision="714eb0fa89d2f80546fda750413ed43d93601a13",
    ),
)


def known(name: str) -> Checkpoint | None:
    """What is known of the checkpoint called `name`, if it is listed."""
    return next((each for each in CHECKPOINTS if each.id == name), None)
