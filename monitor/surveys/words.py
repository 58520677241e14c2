"""Words by which the columns of a questionnaire are known, in four languages.

Patterns are searched in folded headings (`monitor.tables.headings.fold`): lower case, no accents,
`и` for `й`; stems stand for all forms. Names are whole headings, the surest first.
"""

from __future__ import annotations

import re


def _any(*stems: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(stems) + ")")


RECOMMEND = _any(
    r"recommend", r"nps\b", r"net promoter", r"пореком", r"рекоменд", r"посовет", r"doporuc",
    r"توصیه", r"پیشنهاد می", r"معرفی می",
)  # fmt: skip

SATISFACTION = _any(
    r"satisf", r"csat\b", r"happy with", r"rate\b", r"rating", r"удовлетвор", r"довол", r"оцен",
    r"spokojen", r"hodnot", r"ohodnot", r"رضایت", r"راضی", r"امتیاز", r"ارزیابی",
)  # fmt: skip

EFFORT = _any(
    r"eas(?:y|ier|e)\b", r"effort", r"ces\b", r"легко", r"просто\b", r"усили", r"snadn",
    r"jednoduch",
    r"usili", r"namah", r"اسان", r"سهولت", r"راحت", r"تلاش",
)  # fmt: skip

OVERALL = _any(
    r"overall", r"in general", r"general", r"all in all", r"в целом", r"общ", r"итог", r"celkov",
    r"vseobecn", r"obecne", r"کلی", r"در کل", r"مجموع",
)  # fmt: skip

WHY = _any(
    r"why\b", r"reason", r"please explain", r"what is the main", r"what do you", r"почему",
    r"причин",
    r"proc\b", r"duvod", r"چرا", r"دلیل", r"علت",
)  # fmt: skip

COMMENT = _any(
    r"comment", r"feedback", r"in your own words", r"tell us", r"anything else", r"suggest",
    r"improve", r"do better", r"free text", r"open ended", r"remarks?\b", r"коммент", r"отзыв",
    r"предложен", r"пожелан", r"что (?:нам |можно |мы )*(?:улучш|измен)", r"расскаж",
    r"своими слов",
    r"koment", r"pripomin", r"vzkaz", r"vlastnimi slovy", r"zlepsi", r"chcete .*(?:sdelit|dodat)",
    r"نظر", r"دیدگاه", r"توضیح", r"بهتر شود", r"بهبود", r"انتقاد", r"پیشنهادات",
)  # fmt: skip

COMPUTED = _any(
    r"nps group", r"group\b.*nps", r"topics\b", r"sentiment\b", r"duration\b", r"latitude",
    r"longitude", r"ip address", r"progress\b",
)  # fmt: skip
"""Columns that tools compute or record beside the answers."""

STAGES: dict[str, re.Pattern[str]] = {
    "delivery": _any(
        r"deliver", r"shipp", r"courier", r"достав", r"курьер", r"doruc", r"doprav", r"dovoz",
        r"dodan", r"تحویل", r"ارسال", r"پیک",
    ),
    "support": _any(
        r"support", r"customer (?:service|care)", r"help desk", r"call cent", r"operator",
        r"поддержк", r"обслуживан", r"оператор", r"podpor", r"zakaznick\w* (?:servis|lin|pec)",
        r"infolink", r"پشتیبانی", r"خدمات مشتری",
    ),
    "returns": _any(
        r"return", r"refund", r"complain", r"claim", r"warranty", r"возврат", r"рекламац",
        r"гаранти",
        r"vracen", r"vratk", r"reklamac", r"مرجوع", r"بازگشت", r"شکایت", r"گارانتی",
    ),
    "payment": _any(
        r"pay(?:ment|ing)?\b", r"checkout", r"billing", r"invoic", r"оплат", r"платеж",
        r"plat(?:b|eb)",
        r"placen", r"pokladn", r"fakturac", r"پرداخت", r"فاکتور",
    ),
    "ordering": _any(
        r"order", r"purchase", r"booking", r"reserv", r"заказ", r"оформлен", r"покупк",
        r"бронирован",
        r"objedn", r"nakup", r"rezervac", r"سفارش", r"خرید", r"رزرو",
    ),
    "site": _any(
        r"web\s?site", r"site\b", r"app\b", r"mobile app", r"search", r"navigation", r"саит",
        r"приложен", r"поиск", r"web\w*\b", r"e ?shop", r"aplikac", r"vyhledav", r"stran(?:k|ek)",
        r"سایت", r"اپلیکیشن", r"برنامه", r"جستجو",
    ),
    "staff": _any(
        r"staff", r"employee", r"seller", r"assistant", r"waiter", r"персонал", r"сотрудник",
        r"продав",
        r"официант", r"personal\b", r"obsluh", r"prodavac", r"zamestnan", r"پرسنل", r"کارکنان",
        r"فروشنده",
    ),
    "product": _any(
        r"product", r"quality", r"goods", r"item", r"food\b", r"товар", r"продукт", r"качеств",
        r"produkt", r"zbozi", r"vyrob", r"kvalit", r"jidl", r"محصول", r"کالا", r"کیفیت", r"غذا",
    ),
}  # fmt: skip
"""Journey stage -> words of questions about it; of two stages in a heading the first counts."""

RESPONDENT = (
    *("respondent id", "respondentid", "respondent", "customer id", "client id", "user id"),
    *("member id", "contact id", "external reference", "external data reference", "token"),
    *("ид клиента", "id клиента", "номер клиента", "код клиента", "id пользователя", "респондент"),
    *("id zakaznika", "cislo zakaznika", "zakaznicke cislo", "id respondenta", "id uzivatele"),
    *("شناسه مشتری", "کد مشتری", "شماره مشتری", "شناسه کاربر", "پاسخ دهنده"),
    *("email address", "email", "e mail", "recipient email", "адрес электронной почты"),
    *("электронная почта", "эл почта", "e mailova adresa", "emailova adresa", "ایمیل"),
    *("response id", "responseid", "id ответа", "id odpovedi", "شناسه پاسخ", "id", "#", "№"),
)
"""People before answers: who answers twice counts once."""

ANSWERED_AT = (
    *("end date", "enddate", "submit date utc", "submit date", "submitdate", "date submitted"),
    *("submitted at", "submitted", "completed at", "completed", "recorded date", "recordeddate"),
    *("answered at", "response date", "date of response", "timestamp", "date time", "datetime"),
    *("дата ответа", "отметка времени", "дата отправки", "дата заполнения", "дата", "время"),
    *("datum odpovedi", "datum odeslani", "casova znacka", "casove razitko", "datum vyplneni"),
    *("odeslano", "datum", "تاریخ پاسخ", "تاریخ ارسال", "تاریخ ثبت", "تاریخ", "زمان"),
    *("created at", "date", "start date", "startdate", "date started"),
)

SEGMENT = (
    *("segment", "customer segment", "customer group", "customer type", "client type", "plan"),
    *("tier", "loyalty level", "сегмент", "группа клиентов", "тип клиента", "тариф"),
    *("typ zakaznika", "skupina zakazniku", "zakaznicka skupina", "tarif"),
    *("بخش مشتریان", "گروه مشتری", "نوع مشتری", "بخش"),
)

LOCATION = (
    *("location", "store", "branch", "shop", "point of sale", "service point", "city", "region"),
    *("филиал", "магазин", "точка", "отделение", "город", "регион"),
    *("pobocka", "prodejna", "provozovna", "mesto", "kraj"),
    *("شعبه", "فروشگاه", "شهر", "استان", "منطقه"),
)

LANGUAGE = (
    *("user language", "userlanguage", "start language", "startlanguage", "language", "lang"),
    *("язык", "jazyk", "زبان"),
)
