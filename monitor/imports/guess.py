"""Which column of a file of mentions holds what, from its heading in four languages."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.tables.headings import fold, has_phrase

# Field -> names a column may have, the surest first, as `fold` writes them. A heading that equals
# a name is taken first; else one that contains it as whole words, for the fields in CONTAINED.
NAMES: dict[str, tuple[str, ...]] = {
    "native_id": (
        *("id", "uid", "uuid", "guid", "review id", "comment id", "post id", "message id"),
        *("mention id", "feedback id", "tweet id", "reviewid", "commentid", "postid"),
        *("id отзыва", "id комментария", "номер отзыва", "ид", "id recenze", "id komentare"),
        *("id hodnoceni", "id prispevku", "شناسه", "شناسه نظر", "کد نظر"),
    ),
    "parent_id": ("parent id", "parent", "in reply to", "in reply to id", "reply to"),
    "published": (
        *("published at", "published", "created at", "created date", "created", "created on"),
        *("timestamp", "datetime", "date time", "date", "time", "posted at", "posted on"),
        *("posted", "submitted at", "submitted", "review date", "date of review", "pub date"),
        *("дата и время", "дата отзыва", "дата публикации", "дата создания", "дата", "время"),
        *("datum a cas", "datum recenze", "datum hodnoceni", "datum", "vytvoreno", "vlozeno"),
        *("publikovano", "cas", "تاریخ ثبت", "تاریخ نظر", "تاریخ انتشار", "تاریخ", "زمان"),
    ),
    "edited": (
        *("edited at", "edited", "updated at", "updated", "modified at", "modified"),
        *("изменен", "дата изменения", "обновлено", "upraveno", "zmeneno", "ویرایش", "به روزرسانی"),
    ),
    "reply_text": (
        *("reply text", "reply", "owner reply", "owner response", "seller response"),
        *("vendor reply", "developer response", "company response", "response text"),
        *("replies", "ответ компании", "ответ магазина", "ответ продавца", "ответ"),
        *("odpoved obchodu", "odpoved", "reakce", "پاسخ فروشنده", "پاسخ"),
    ),
    "url": (
        "url",
        "link",
        "permalink",
        "href",
        "ссылка",
        "адрес страницы",
        "odkaz",
        "لینک",
        "پیوند",
    ),
    "language": ("language", "lang", "locale", "язык", "jazyk", "زبان"),
    "text": (
        *("text", "review text", "comment text", "review body", "review content", "full text"),
        *("review", "comment", "body", "content", "message", "feedback", "opinion", "post"),
        *("reviews", "comments", "post text", "message text", "tweet", "notes", "note"),
        *("текст отзыва", "текст комментария", "текст", "отзыв", "комментарий", "сообщение"),
        *("содержание", "отзывы", "мнение", "text recenze", "text komentare", "text hodnoceni"),
        *("komentar", "recenze", "zprava", "nazor", "obsah", "prispevek", "slovni hodnoceni"),
        *("متن نظر", "متن دیدگاه", "متن", "نظر", "دیدگاه", "پیام", "کامنت", "نظرات", "توضیحات"),
    ),
    "rating_best": ("rating best", "best rating", "max rating", "rating max", "maximum rating"),
    "rating_worst": ("rating worst", "worst rating", "min rating", "rating min"),
    "rating": (
        *("rating", "stars", "star rating", "rating value", "review rating", "score", "rate"),
        *("grade", "mark", "оценка", "рейтинг", "звезды", "звезд", "балл", "баллы"),
        *("hodnoceni", "hvezdicky", "pocet hvezdicek", "hvezdy", "znamka", "body z"),
        *("امتیاز", "ستاره", "تعداد ستاره", "رتبه", "نمره"),
    ),
    "author": (
        *("author", "author name", "username", "user name", "user", "reviewer", "reviewer name"),
        *("nickname", "nick", "sender", "customer", "customer name", "name", "screen name"),
        *(
            "автор",
            "имя автора",
            "имя пользователя",
            "пользователь",
            "никнейм",
            "имя",
            "покупатель",
        ),
        *("autor", "uzivatel", "jmeno", "prezdivka", "zakaznik", "نویسنده", "نام کاربر"),
        *("نام کاربری", "کاربر", "فرستنده", "نام", "نام مشتری", "مشتری"),
    ),
    "title": (
        *("title", "review title", "headline", "heading", "summary", "заголовок", "тема"),
        *("titulek", "nadpis", "titul", "predmet", "عنوان", "تیتر"),
    ),
    "location": (
        *(
            "location",
            "store",
            "branch",
            "shop",
            "place",
            "city",
            "region",
            "address",
            "store name",
        ),
        *("филиал", "магазин", "точка", "город", "адрес", "регион", "место"),
        *("pobocka", "prodejna", "provozovna", "mesto", "misto", "kraj", "adresa"),
        *("شعبه", "فروشگاه", "شهر", "مکان", "آدرس", "محل"),
    ),
    "subject": (
        *("product", "product name", "item", "item name", "товар", "продукт", "название товара"),
        *("produkt", "nazev produktu", "zbozi", "محصول", "نام محصول", "کالا", "نام کالا"),
    ),
    "kind": ("kind", "mention kind"),
}

# Word of a heading -> the field it speaks of, whatever else the heading says; the first rule that
# fits decides. `Comment date` is a date, `Review text language` a language; an id that is not the
# mention's own (`Customer ID`) is nothing: two reviews of one customer are two mentions.
_RULES: tuple[tuple[str | None, tuple[str, ...]], ...] = (
    (None, ("id", "ids", "uid", "uuid", "шифр", "شناسه", "count", "number", "total", "количество")),
    (None, ("pocet", "تعداد", "sentiment", "score id", "avatar", "photo", "image", "photos")),
    ("reply", ("reply", "replies", "odpoved", "پاسخ", "ответ")),
    ("edited", ("edited", "updated", "modified", "изменения", "upraveno", "ویرایش")),
    ("published", ("date", "time", "timestamp", "created", "published", "дата", "время")),
    ("published", ("datum", "vytvoreno", "تاریخ", "زمان", "at")),
    ("url", ("url", "link", "permalink", "ссылка", "odkaz", "لینک")),
    ("language", ("language", "lang", "locale", "язык", "jazyk", "زبان")),
    ("text", ("text", "body", "content", "текст", "متن")),
    (
        "rating",
        ("rating", "stars", "star", "оценка", "рейтинг", "hvezdicek", "hodnoceni", "امتیاز"),
    ),
    ("title", ("title", "headline", "заголовок", "titulek", "nadpis", "عنوان")),
    ("author", ("author", "reviewer", "username", "user", "автор", "пользователь", "autor")),
    ("author", ("uzivatel", "نویسنده", "کاربر")),
    ("location", ("location", "store", "branch", "city", "филиал", "город", "pobocka", "prodejna")),
    ("location", ("شعبه", "شهر")),
    ("subject", ("product", "товар", "товара", "produkt", "produktu", "محصول", "کالا")),
    ("text", ("review", "comment", "comments", "feedback", "message", "opinion", "отзыв")),
    ("text", ("отзывы", "комментарии", "комментарий", "сообщение", "recenze", "komentar")),
    ("text", ("nazor", "zprava", "نظر", "نظرات", "دیدگاه", "پیام", "کامنت")),
)


def guess_mapping(columns: Iterable[str]) -> dict[str, str]:
    """RawItem field -> column, for the fields whose column can be told from its heading.

    Columns may be headings of a table or JMESPath paths of a JSON object; a column is used once.
    """
    folded = {column: fold(column) for column in columns}
    found: dict[str, str] = {}
    for field, names in NAMES.items():
        for name in names:
            match = next((c for c, f in folded.items() if f == name and _plain(c)), None)
            if match is not None:
                found[field] = match
                del folded[match]
                break
    for column, heading in folded.items():
        spoken_of = _spoken_of(heading)
        if spoken_of and (_plain(column) or spoken_of.startswith("reply_")):
            found.setdefault(spoken_of, column)
    if "text" not in found:
        _take_any_text(folded, found)
    return found


def _take_any_text(folded: dict[str, str], found: dict[str, str]) -> None:
    # `Your feedback about the store` speaks of a place, but there is no other text.
    words = [word for field, words in _RULES if field == "text" for word in words]
    nothing = _RULES[0][1] + _RULES[1][1]
    for column, heading in folded.items():
        if any(has_phrase(heading, word) for word in nothing) or not _plain(column):
            continue
        if any(has_phrase(heading, word) for word in words):
            for field in [field for field, taken in found.items() if taken == column]:
                del found[field]
            found["text"] = column
            return


def _plain(column: str) -> bool:
    # Of a list inside an object only the first reply is of use: `foods[0].title` is no title.
    return "[" not in column


def _spoken_of(heading: str) -> str | None:
    for field, words in _RULES:
        if any(has_phrase(heading, word) for word in words):
            if field == "reply":
                return "reply_published" if _dated(heading) else "reply_text"
            return field
    return None


def _dated(heading: str) -> bool:
    dated = [word for field, words in _RULES if field == "published" for word in words]
    return any(has_phrase(heading, word) for word in dated)
