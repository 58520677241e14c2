"""Words that dates are written with in Russian, Czech, Persian and English, folded.

Keys are compared with `text.fold`ed input: no diacritics, no yo, Persian letter forms.
"""

from __future__ import annotations

_MONTH_FORMS = (
    "january jan январь января янв ledna leden led ژانویه",
    "february feb февраль февраля фев февр unora unor uno فوریه",
    "march mar март марта мар brezna brezen bre مارس",
    "april apr апрель апреля апр dubna duben dub اوریل",
    "may май мая kvetna kveten kve مه می",
    "june jun июнь июня июн cervna cerven cvn ژوین ژوءن",
    "july jul июль июля июл cervence cervenec cvc ژوییه جولای ژوءیه",
    "august aug август августа авг srpna srpen srp اوت اگوست",
    "september sep sept сентябрь сентября сен сент zari zar سپتامبر",
    "october oct октябрь октября окт rijna rijen rij اکتبر",
    "november nov ноябрь ноября ноя нояб listopadu listopad lis نوامبر",
    "december dec декабрь декабря дек prosince prosinec pro دسامبر",
)
MONTHS = {form: n for n, forms in enumerate(_MONTH_FORMS, 1) for form in forms.split()}

_JALALI_FORMS = (
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد امرداد", "شهریور", "مهر", "ابان", "اذر", "دی",
    "بهمن", "اسفند",
)  # fmt: skip
JALALI_MONTHS = {form: n for n, forms in enumerate(_JALALI_FORMS, 1) for form in forms.split()}

_UNIT_FORMS = {
    "second": "second seconds sec secs секунда секунду секунды секунд сек sekunda sekundou "
    "sekundami sekund sekundy ثانیه",
    "minute": "minute minutes min mins минута минуту минуты минут мин minuta minutou minutami "
    "minut minuty دقیقه",
    "hour": "hour hours hr hrs h час часа часов ч hodina hodinou hodinami hodin hodiny hod ساعت",
    "day": "day days d день дня дней дн день dnem dny dnu den روز",
    "week": "week weeks w wk wks неделя неделю неделе недели недель нед "
    "tyden tydnem tydny tydnu هفته",
    "month": "month months mo mos месяц месяца месяце месяцев мес mesic mesicem mesici mesicu ماه",
    "year": "year years yr yrs y год года году лет г rok rokem roky lety let سال",
}
UNITS = {form: unit for unit, forms in _UNIT_FORMS.items() for form in forms.split()}

_NUMBER_FORMS = (
    "a an one один одна одну одно jednou jednim jeden jednu یک",
    "two два две двумя dvema dva dve دو",
    "three три tremi tri سه",
    "four четыре ctyrmi ctyri چهار",
    "five пять peti pet پنج",
    "six шесть sesti sest شش",
    "seven семь sedmi sedm هفت",
    "eight восемь osmi osm هشت",
    "nine девять deviti devet نه",
    "ten десять deseti deset ده",
)
NUMBERS = {form: n for n, forms in enumerate(_NUMBER_FORMS, 1) for form in forms.split()}

_AGO_FORMS = "ago назад pred پیش قبل گذشته last past minuly minulou minule прошлой прошлом прошлый"
AGO = frozenset(_AGO_FORMS.split())
"""Words that turn a unit into the past: "2 days ago", "před 2 dny", "прошлом месяце"."""

DAYS_BACK = {
    form: days
    for days, forms in enumerate(
        (
            "today сегодня dnes امروز",
            "yesterday вчера vcera دیروز دیشب",
            "позавчера predevcirem پریروز",
        )
    )
    for form in forms.split()
}

JUST_NOW = frozenset(
    (
        "now", "just now", "moments ago", "a moment ago", "a few seconds ago", "только что",
        "сейчас", "prave ted", "prave", "ted", "pred chvili", "pred okamzikem", "همین الان",
        "الان", "اکنون", "هم اکنون", "لحظاتی پیش", "لحظاتی قبل", "دقایقی پیش", "چند لحظه پیش",
    )
)  # fmt: skip

ZONES = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "cest": 120,
    "met": 60, "mest": 120, "eet": 120, "eest": 180, "msk": 180, "мск": 180, "msd": 240,
    "irst": 210, "irdt": 270, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420,
    "mdt": -360, "pst": -480, "pdt": -420,
}  # fmt: skip
"""Zone abbreviations with their minutes from UTC; the rest of the world writes offsets."""
