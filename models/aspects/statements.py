"""Clauses joined into statements: stretches of a text that say one thing of some aspects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.aspects.clauses import CONTRAST, SOFT, Clause
from models.aspects.lexicon import Hit
from models.aspects.stages import SPEED_BELONGS_TO


def _table(**rows: str) -> dict[str, frozenset[str]]:
    return {language: frozenset(row.split()) for language, row in rows.items()}


# All tables hold words as `lexicon.words` returns them: folded, without accents.

# Words that say nothing of an aspect: a piece with only these beside its aspect words is part of
# a list ("great food, service and prices"), not a statement of its own.
_FUNCTION = _table(
    en="the a an and or of for to in on at with also too is was are were be been their its this "
    "that his her my our your as by from it they plus both all",
    ru="и а или да в на по с со к у за для от до из о об их его ее это этот эта эти все вся "
    "был была было были есть также тоже как так же наш мой свой",
    cs="a i nebo v ve na s se si k ke u za pro od do z ze o po je jsou byl byla bylo byly to ten "
    "ta ty jejich taky take jako tak i jeho jeji nas muj svuj",
    fa="و یا از به در با برای که این ان اون هم را رو است بود بودن بودند هست ها های اش ش تا یک یه "
    "خیلی می",
)
_NEGATIONS_BEFORE = _table(
    en="not no never nothing dont doesnt didnt isnt wasnt arent werent cant couldnt wont wouldnt "
    "hardly without nor neither lacks lack lacking aint cannot zero far",
    ru="не нет ни без никакой никакого никакая никакие отсутствует нельзя вряд",
    cs="ne neni nejsou nebyl nebyla nebylo nebyly bez zadny zadna zadne zadnou zadneho nikdy nijak "
    "nema nemaji nemel nemela nemeli ani nikoli nepatri",
    fa="نه بدون هیچ هیچی اصلا بی عدم فاقد غیر",
)
_NEGATIONS_AFTER = _table(
    en="",
    ru="",
    cs="",
    fa="نیست نبود نداره ندارد نداشت ندارن ندارند نداشتن نیستن نیستند نشد نشده نمیشه نمیکنه نمیده "
    "نمی نبودن نبودند نکرد نکردن نداد ندادن نیستش",
)
_PRONOUNS = _table(
    en="it its they them he she this that these those which who overall still also",
    ru="он она оно они его ее их это этот эта эти который которая которое которые там тоже все",
    cs="on ona ono oni jeho jeji jejich to ten ta tato tento toto tyto ktery ktera ktere coz take "
    "je byl byla bylo byly jsou",
    fa="این ان اون اونا همین همون ایشون انها که خیلی",
)
_OPENERS = _table(
    ru="но а и да зато хотя однако", cs="ale a i", en="but and though", fa="اما ولی و"
)
_HEADINGS = _table(
    en="pros advantages positives likes plus pluses",
    ru="плюсы плюс достоинства преимущества понравилось",
    cs="plusy plus klady vyhody pozitiva",
    fa="مزایا مزیت محاسن مثبت",
)
_BAD_HEADINGS = _table(
    en="cons disadvantages negatives dislikes minus minuses drawbacks downsides",
    ru="минусы минус недостатки недостаток",
    cs="minusy minus zapory nevyhody negativa",
    fa="معایب عیب منفی",
)
_OTHER_HEADINGS = _table(
    en="review comment summary overall verdict",
    ru="отзыв комментарий итог вывод общее",
    cs="recenze komentar shrnuti celkove hodnoceni",
    fa="نظر توضیحات جمع نتیجه",
)
_HEADING_WORDS = 3  # a heading is no longer than this
# What words that judge by what they are said of mean for an aspect; elsewhere they mean nothing.
_JUDGES = {
    "(good)": {},
    "(bad)": {},  # of every aspect alike
    "(high)": {"price": -1, "quality": 1, "staff": 1, "speed": 1, "reliability": 1},
    "(low)": {"price": 1, "quality": -1, "staff": -1, "speed": -1, "reliability": -1},
    "(long)": {"delivery": -1, "speed": -1, "support": -1, "returns": -1, "staff": -1},
    "(cold)": {"food": -1},
    "(small)": {"selection": -1, "food": -1},
    "(large)": {"selection": 1, "food": 1},
}
_REACH = 2  # words between a negation and the word it turns round, at most


@dataclass(frozen=True, slots=True)
class Statement:
    """`text[start:end]`; `polarities` holds each aspect's own word: -1, 0 (says nothing) or 1.

    `judged` is the balance of judging words for each aspect, `general` for any other.
    `bare` is true where it only names its aspects ("Delivery:"), `carries_on` where it may speak
    of those of the statement before.
    """

    start: int
    end: int
    polarities: dict[str, int]
    judged: dict[str, int]
    general: int
    heading: int
    question: bool
    bare: bool
    carries_on: bool
    contrast: bool


def statements(
    text: str,
    clauses: Sequence[Clause],
    words: Sequence[Sequence[str]],
    hits: Sequence[Sequence[Hit]],
    language: str,
) -> list[Statement]:
    """The statements of one text; `words` and `hits` belong to its clauses, in the same order."""
    groups: list[list[int]] = []
    headings: list[int] = []
    says_something, after_heading, heading = False, False, 0
    for place, clause in enumerate(clauses):
        own = _heading(text, clause, words[place], language)
        heading = heading if own is None else own
        says = _says(words[place], hits[place], language)
        joins = bool(groups) and clause.join == SOFT and own is None and not after_heading
        if joins and not (says and says_something):
            groups[-1].append(place)
            says_something = says_something or says
        else:
            groups.append([place])
            headings.append(heading)
            says_something = says
        after_heading = own is not None
    return [
        _statement(
            text,
            [clauses[i] for i in group],
            [words[i] for i in group],
            [hits[i] for i in group],
            heading,
            language,
        )
        for group, heading in zip(groups, headings, strict=True)
    ]


def _heading(text: str, clause: Clause, words: Sequence[str], language: str) -> int | None:
    """1 for a heading such as "Pros:", -1 for "Cons:", 0 for another, None for no heading."""
    if not words or len(words) > _HEADING_WORDS:
        return None
    ends_line = text[clause.end : clause.end + 2].lstrip(" ")[:1] in (":", "\n", "\r")
    if not ends_line:
        return None
    for table, value in ((_BAD_HEADINGS, -1), (_HEADINGS, 1), (_OTHER_HEADINGS, 0)):
        if not table[language].isdisjoint(words):
            return value
    return None


def _says(words: Sequence[str], hits: Sequence[Hit], language: str) -> bool:
    """Whether a clause says something of an aspect it names itself."""
    named = [hit for hit in hits if hit.aspect not in _JUDGES]
    if not named:
        return False
    if any(hit.polarity for hit in named):
        return True
    covered = {place for hit in named for place in range(hit.start, hit.end)}
    function = _FUNCTION[language]
    return any(place not in covered and word not in function for place, word in enumerate(words))


def _statement(
    text: str,
    group: Sequence[Clause],
    words: Sequence[Sequence[str]],
    hits: Sequence[Sequence[Hit]],
    heading: int,
    language: str,
) -> Statement:
    first, last = group[0], group[-1]
    said: dict[str, int] = {}
    weak: set[str] = set()
    judging: dict[str, int] = {}
    for clause_words, clause_hits in zip(words, hits, strict=True):
        for hit in clause_hits:
            sign = -1 if _is_negated(clause_words, hit, language) else 1
            if hit.aspect in _JUDGES:
                judging[hit.aspect] = judging.get(hit.aspect, 0) + sign
            elif hit.weak and hit.aspect not in said:
                weak.add(hit.aspect)
            else:
                said[hit.aspect] = said.get(hit.aspect, 0) + sign * hit.polarity
    if not said:
        said = dict.fromkeys(sorted(weak), 0)
    if SPEED_BELONGS_TO & said.keys() and "speed" in said:
        speed = said.pop("speed")
        for aspect in SPEED_BELONGS_TO & said.keys():
            said[aspect] += speed
    opening = next((word for word in words[0] if word not in _OPENERS[language]), "")
    return Statement(
        first.start,
        last.end,
        {aspect: (value > 0) - (value < 0) for aspect, value in said.items()},
        {aspect: _balance(judging, aspect) for aspect in said},
        judging.get("(good)", 0) - judging.get("(bad)", 0),
        heading,
        "?" in text[last.end - 1 : last.end + 1] or "؟" in text[last.end - 1 : last.end + 1],
        bool(said)
        and not any(_says(own, found, language) for own, found in zip(words, hits, strict=True)),
        first.join == CONTRAST or opening in _PRONOUNS[language],
        first.join == CONTRAST,
    )


def _balance(judging: dict[str, int], aspect: str) -> int:
    """Good words minus bad ones, of those that judge this aspect."""
    general = judging.get("(good)", 0) - judging.get("(bad)", 0)
    special = sum(
        count * _JUDGES[kind].get(aspect, 0)
        for kind, count in judging.items()
        if kind not in ("(good)", "(bad)")
    )
    return general + special


def _is_negated(words: Sequence[str], hit: Hit, language: str) -> bool:
    before = words[max(0, hit.start - _REACH) : hit.start]
    after = words[hit.end : hit.end + _REACH]
    return not _NEGATIONS_BEFORE[language].isdisjoint(before) or not (
        _NEGATIONS_AFTER[language].isdisjoint(after)
    )
