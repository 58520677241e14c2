"""Short sentences made here, to teach what the sets hardly show: plain negation and plain facts.

Reviews in the sets are long; people also write `Телефон не понравился` and nothing else. Each
template is filled with each noun of its language. Grammar is kept right by choosing the nouns:
Russian and Czech ones are masculine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """Nouns of one language and the sentences around them ({} is the noun), by label."""

    nouns: tuple[str, ...]
    negative: tuple[str, ...]
    neutral: tuple[str, ...]
    positive: tuple[str, ...]


PHRASES: Mapping[str, Phrases] = {
    "en": Phrases(
        (
            "phone",
            "service",
            "app",
            "bank",
            "hotel",
            "food",
            "film",
            "book",
            "delivery",
            "shop",
            "support",
            "product",
        ),
        (
            "the {} is not good",
            "I do not like the {}",
            "the {} does not work",
            "not happy with the {}",
            "I would not recommend this {}",
            "never again this {}",
            "I'm not satisfied with the {}",
            "the {} is no good at all",
            "nothing good about the {}",
            "the {} was not worth the money",
            "the {} isn't great",
            "was good once, now the {} is bad",
        ),
        (
            "I bought the {} yesterday",
            "when will the {} be available?",
            "which {} do you use?",
            "the {} opens on Monday",
            "we are talking about the {}",
            "is there a new {}?",
        ),
        (
            "the {} is good",
            "I like the {}",
            "the {} works well",
            "happy with the {}",
            "I recommend this {}",
            "the {} is not bad at all",
            "no problems with the {}",
            "the {} never let me down",
            "nothing to complain about, good {}",
            "I can't fault the {}",
            "not a single complaint about the {}",
            "the {} isn't bad",
        ),
    ),
    "ru": Phrases(
        (
            "телефон",
            "сервис",
            "банк",
            "магазин",
            "отель",
            "фильм",
            "товар",
            "ресторан",
            "курьер",
            "сайт",
            "тариф",
            "интернет",
        ),
        (
            "{} не понравился",
            "{} совсем не понравился",
            "{} не работает",
            "{} не очень",
            "не рекомендую этот {}",
            "не советую {}",
            "{} не нравится",
            "больше не выберу этот {}",
            "{} не стоит своих денег",
            "ничего хорошего про {} сказать не могу",
            "{} никуда не годится",
            "никогда больше этот {}",
            "{} так себе, не доволен",
        ),
        (
            "вчера был {}",
            "когда будет новый {}?",
            "какой у вас {}?",
            "{} открывается в понедельник",
            "речь про {}",
            "есть ли другой {}?",
        ),
        (
            "{} понравился",
            "{} очень понравился",
            "{} работает хорошо",
            "{} хороший",
            "рекомендую этот {}",
            "советую {}",
            "{} нравится",
            "{} неплохой",
            "{} совсем не плохой",
            "{} ни разу не подвел",
            "нет никаких проблем, {} отличный",
            "не жалею, {} хороший",
            "никаких нареканий на {}",
        ),
    ),
    "cs": Phrases(
        (
            "telefon",
            "obchod",
            "hotel",
            "film",
            "výrobek",
            "servis",
            "web",
            "personál",
            "internet",
            "oběd",
            "vysavač",
            "tarif",
        ),
        (
            "{} se mi nelíbí",
            "{} není dobrý",
            "nejsem spokojený, {} nefunguje",
            "{} nedoporučuji",
            "nedoporučuji tento {}",
            "{} nestojí za ty peníze",
            "{} nefunguje",
            "už nikdy tento {}",
            "nic dobrého o něm nemohu říct, {} hrozný",
            "nejsem spokojená, {} zklamal",
            "{} nesplnil očekávání",
            "{} mě nenadchl",
        ),
        (
            "včera jsem koupil {}",
            "kdy bude nový {}?",
            "jaký máte {}?",
            "{} otevírá v pondělí",
            "mluvíme o tom, jaký je {}",
            "existuje jiný {}?",
        ),
        (
            "{} se mi líbí",
            "{} je dobrý",
            "jsem spokojený, {} funguje",
            "{} doporučuji",
            "{} není špatný",
            "{} není vůbec špatný",
            "{} mě nezklamal",
            "nemám co vytknout, {} výborný",
            "žádný problém, {} funguje dobře",
            "{} nikdy nezklame",
            "nelituji, {} je dobrý",
            "jsem spokojená, {} splnil očekávání",
        ),
    ),
    "fa": Phrases(
        (
            "گوشی",
            "غذا",
            "سرویس",
            "هتل",
            "فیلم",
            "کتاب",
            "محصول",
            "پشتیبانی",
            "برنامه",
            "بانک",
            "فروشگاه",
            "پیتزا",
        ),
        (
            "{} خوب نبود",
            "{} اصلا خوب نیست",
            "از {} راضی نیستم",
            "{} رو توصیه نمیکنم",
            "{} را پیشنهاد نمی‌کنم",
            "{} کار نمیکنه",
            "دیگه از این {} نمیخرم",
            "{} ارزش خرید نداره",
            "از {} خوشم نیومد",
            "{} کیفیت نداره",
            "{} خوب بود ولی الان خیلی بد شده",
            "{} هیچ چیز خوبی نداشت",
        ),
        (
            "دیروز {} گرفتم",
            "{} کی میاد؟",
            "شما کدوم {} رو دارید؟",
            "{} از شنبه باز است",
            "درباره {} حرف می‌زنیم",
            "{} دیگری هست؟",
        ),
        (
            "{} خوب بود",
            "{} خیلی خوبه",
            "از {} راضی هستم",
            "{} رو توصیه میکنم",
            "{} را پیشنهاد می‌کنم",
            "{} خوب کار میکنه",
            "{} اصلا بد نیست",
            "{} ارزش خرید داره",
            "از {} خوشم اومد",
            "{} هیچ مشکلی نداره",
            "{} عالیه، هیچ ایرادی نداره",
            "پشیمون نیستم، {} خوبه",
        ),
    ),
}


def sentences() -> Iterator[tuple[str, str, str]]:
    """Language, text and label of every filled template, in a fixed order."""
    for language, phrases in PHRASES.items():
        for label in ("negative", "neutral", "positive"):
            for template in getattr(phrases, label):
                for noun in phrases.nouns:
                    yield language, template.format(noun), label
