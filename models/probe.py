"""Eight polar sentences a language that tell what a foreign checkpoint understands.

A checkpoint's card says what it was trained on; the probe says what it does: four complaints and
four praises in each language, plain enough that no person would misread one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from models.sentiment import LABELS, Sentiment

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Language -> (complaints, praises).
SENTENCES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "ru": (
        (
            "Ужасный магазин, деньги потрачены зря.",
            "Телефон сломался на второй день, очень плохое качество.",
            "Отвратительное обслуживание, больше сюда ни ногой.",
            "Худший сервис из всех, никому не советую.",
        ),
        (
            "Прекрасный магазин, всё очень понравилось!",
            "Отличное качество, телефон работает замечательно.",
            "Великолепное обслуживание, обязательно вернусь.",
            "Лучший сервис из всех, советую каждому.",
        ),
    ),
    "cs": (
        (
            "Hrozný obchod, vyhozené peníze.",
            "Telefon se druhý den rozbil, velmi špatná kvalita.",
            "Odporná obsluha, už sem nikdy nepůjdu.",
            "Nejhorší služba ze všech, nikomu nedoporučuji.",
        ),
        (
            "Skvělý obchod, všechno se mi moc líbilo!",
            "Výborná kvalita, telefon funguje perfektně.",
            "Úžasná obsluha, určitě se vrátím.",
            "Nejlepší služba ze všech, doporučuji každému.",
        ),
    ),
    "fa": (
        (
            "فروشگاه افتضاحی بود، پولم حرام شد.",
            "گوشی روز دوم خراب شد، کیفیتش خیلی بد است.",
            "برخورد زشت و زننده، دیگر هرگز نمی‌آیم.",
            "بدترین خدمات ممکن، به هیچ‌کس توصیه نمی‌کنم.",
        ),
        (
            "فروشگاه عالی بود، از همه چیز خوشم آمد!",
            "کیفیتش فوق‌العاده است، گوشی عالی کار می‌کند.",
            "برخورد بسیار خوب و محترمانه، حتما دوباره می‌آیم.",
            "بهترین خدمات ممکن، به همه توصیه می‌کنم.",
        ),
    ),
    "en": (
        (
            "Terrible shop, a waste of money.",
            "The phone broke on the second day, very bad quality.",
            "Disgusting service, I will never come back.",
            "The worst support of all, avoid it.",
        ),
        (
            "Wonderful shop, I loved everything!",
            "Excellent quality, the phone works perfectly.",
            "Amazing service, I will certainly come back.",
            "The best support of all, highly recommended.",
        ),
    ),
}
PER_LANGUAGE = 8
# Labels are put in order on the very sentences they are judged by, so chance alone reaches six of
# eight often: only a language read without a slip, and clearly, may tell what labels mean.
CLEARLY = 0.3  # how much likelier praise makes the positive labels than complaint does


def probe(scorer: Sentiment) -> dict[str, int]:
    """How many of the PER_LANGUAGE sentences of each language `scorer` labels rightly."""
    passed = {}
    for language, (complaints, praises) in SENTENCES.items():
        texts = [*complaints, *praises]
        rows = scorer.score(texts, [language] * len(texts), ["review"] * len(texts))
        labels = [LABELS[place] for place in rows.argmax(axis=1)]
        wanted = ["negative"] * len(complaints) + ["positive"] * len(praises)
        passed[language] = sum(got == want for got, want in zip(labels, wanted, strict=True))
    return passed


def inferred_map(
    labels: Sequence[str], raw: Callable[[Sequence[str]], NDArray[np.float32]]
) -> dict[str, str]:
    """What labels that say nothing (`LABEL_0`) mean, judged by what they do on the probe.

    `raw` gives a checkpoint's own probabilities (n, labels). The labels are put in order by how
    much likelier praise makes them than complaint: half of them are negative, half positive, the
    middle one neutral. The order must put all eight sentences of at least one language right, by
    CLEARLY. Raises ValueError where it does so in none, and where two languages disagree.
    """
    import numpy as np

    orders = {}
    for language, (complaints, praises) in SENTENCES.items():
        shares = raw([*complaints, *praises])
        lean = shares[len(complaints) :].mean(axis=0) - shares[: len(complaints)].mean(axis=0)
        order = np.argsort(lean, kind="stable")
        half = len(labels) // 2
        negative, positive = order[:half], order[len(labels) - half :]
        sides = shares[:, positive].sum(axis=1) > shares[:, negative].sum(axis=1)
        wanted = np.arange(len(shares)) >= len(complaints)
        gap = lean[positive].sum() - lean[negative].sum()
        if (sides == wanted).all() and gap >= 2 * CLEARLY:
            orders[language] = (frozenset(negative.tolist()), frozenset(positive.tolist()))
    if len(set(orders.values())) != 1:
        why = "languages disagree" if orders else "no language is understood"
        raise ValueError(
            f"the probe cannot tell what the labels {list(labels)} mean ({why}): give a label map"
        )
    negative_places, positive_places = next(iter(orders.values()))
    return {
        label: "negative"
        if place in negative_places
        else "positive"
        if place in positive_places
        else "neutral"
        for place, label in enumerate(labels)
    }


def described(passed: Mapping[str, int]) -> str:
    """For instance `ru 8/8, cs 3/8, fa 4/8, en 8/8`."""
    return ", ".join(f"{code} {count}/{PER_LANGUAGE}" for code, count in passed.items())
