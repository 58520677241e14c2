"""Complaints and praise in four languages, made by lot of parts that we wrote."""

from __future__ import annotations

import random
from datetime import date, timedelta

from monitor.trends.theme_model import Group, Said

WEEK = date(2026, 11, 16)

PARTS = {
    "en": (
        "the parcel, my order, the kettle, this lamp, the app, the manual, the box, the seller,"
        " the plug, the colour, the price tag, the voucher, the invoice, the warranty, the lid",
        "broke at once, looks cheap, is too small, came damaged, stopped working, smells odd,"
        " was missing, costs too much, looked used, fell apart, disappointed us, was not as shown",
        "after two days, in the morning, last week, for that money, at our house, out of the box,"
        " on first use, despite the promise, once more, without a reason, in the kitchen",
    ),
    "ru": (
        "посылка, заказ, чайник, эта лампа, приложение, инструкция, коробка, продавец, вилка, цвет,"
        " ценник, купон, счёт, гарантия, крышка",
        "сразу сломалось, выглядит дёшево, слишком маленький размер, пришло повреждённым,"
        " странно пахнет, стоит дорого, развалилось на части, нас разочаровало,"
        " не такое как на фото",
        "через два дня, утром, на прошлой неделе, за такие деньги, у нас дома, прямо из коробки,"
        " при первом включении, несмотря на обещание, без причины, на кухне",
    ),
    "cs": (
        "balík, objednávka, konvice, tahle lampa, aplikace, návod, krabice, prodejce, zástrčka,"
        " barva, cenovka, poukaz, faktura, záruka, víčko",
        "se hned rozbilo, vypadá lacině, je moc malé, přišlo poškozené, divně páchne, stojí hodně,"
        " vypadalo použitě, se rozpadlo, nás zklamalo, není jako na fotce",
        "po dvou dnech, ráno, minulý týden, za ty peníze, u nás doma, rovnou z krabice,"
        " při prvním zapnutí, navzdory slibu, bez důvodu, v kuchyni",
    ),
    "fa": (
        "بسته, سفارش من, کتری, این لامپ, برنامه, دفترچه, جعبه, فروشنده, دوشاخه, رنگ, برچسب قیمت,"
        " کوپن, فاکتور, ضمانت, درپوش",
        "زود شکست, ارزان به نظر می‌رسد, خیلی کوچک است, آسیب دیده رسید, بوی عجیب می‌دهد, گران است,"
        " از هم پاشید, ما را ناامید کرد, مثل عکس نبود",
        "بعد از دو روز, صبح, هفته گذشته, با این پول, در خانه ما, از داخل جعبه, در اولین استفاده,"
        " برخلاف وعده, بی دلیل, در آشپزخانه",
    ),
}
PLANTED = {
    "en": ("The courier was rude", "rude courier came", "both couriers were rude to us"),
    "ru": ("Курьер нагрубил", "курьеры нагрубили нам", "нагрубил ваш курьер"),
    "cs": ("Kurýr byl hrubý", "hrubý kurýr přijel", "hruby kuryr zase"),
    "fa": ("پیک بی‌ادب بود", "پیک‌ها بی‌ادب بودند", "پیک های بی‌ادب آمدند"),
}
"""One theme a language, in other forms and orders, with and without accents or joiners."""


class Writer:
    """Writes mentions with numbers of their own; the same seed writes the same."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.parts = {
            language: [[one.strip() for one in part.split(",")] for part in parts]
            for language, parts in PARTS.items()
        }
        self.number = 0

    def text(self, language: str) -> str:
        """One to three sentences."""
        sentences = []
        for _ in range(self.rng.randint(1, 3)):
            who, what, how = (self.rng.choice(part) for part in self.parts[language])
            sentences.append(f"{who} {what}, {how}.")
        return " ".join(sentences)

    def say(self, language: str, group: Group, text: str | None = None, **fields: object) -> Said:
        """A mention of an author of its own; before the period in one of the eight weeks."""
        self.number += 1
        back = self.rng.randint(1, 8) if group == "before" else 0
        values: dict[str, object] = {
            "author": f"author {self.number}",
            "source": self.rng.choice(("shop", "forum")),
            "week": WEEK - timedelta(weeks=back),
        } | fields
        said = self.text(language) if text is None else text
        return Said(self.number, language, group, said, **values)  # type: ignore[arg-type]

    def usual(
        self, language: str, now: int = 40, others: int = 40, before: int = 200
    ) -> list[Said]:
        """A period in which nothing is new."""
        sizes: tuple[tuple[Group, int], ...] = (
            ("now", now),
            ("others", others),
            ("before", before),
        )
        return [self.say(language, group) for group, size in sizes for _ in range(size)]

    def planted(self, language: str, count: int = 12) -> list[Said]:
        """Complaints of the period that share the planted theme among other words."""
        return [
            self.say(
                language,
                "now",
                f"{self.text(language)} {self.rng.choice(PLANTED[language])}. "
                f"{self.text(language)}",
            )
            for _ in range(count)
        ]
