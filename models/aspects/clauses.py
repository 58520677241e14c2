"""Text -> clauses: the pieces of a text that each say one thing, with their places in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

# How a clause hangs on the one before it. Soft joins may be undone by whoever reads the clauses:
# "fast, cheap delivery" is one statement, "fast delivery, rude staff" is two.
SENTENCE, CONTRAST, SOFT = "sentence", "contrast", "soft"


@dataclass(frozen=True, slots=True)
class Clause:
    """`text[start:end]` of the whole text; `join` says how it hangs on the clause before."""

    start: int
    end: int
    text: str
    join: str


# Words after which a full stop ends no sentence when a small letter, a digit or (TITLES) a name
# follows. A single letter is always taken as an initial or "т. е.".
_ABBREVIATIONS = {
    "ru": "т|е|д|п|др|руб|коп|тыс|млн|млрд|ул|пр|просп|им|гр|кг|мин|сек|час|шт|стр|см|тел|напр|эт|"
    "обл|прим|ср|доп|макс|прибл",
    "cs": "tj|tzn|tzv|atd|apod|např|napr|resp|popř|popr|příp|prip|cca|kč|kc|ks|min|max|hod|tel|ul|"
    "č|str|mj|aj|viz|event|vč|vc",
    "en": "e\\.g|i\\.e|eg|ie|etc|vs|approx|appr|min|max|no|inc|ltd|co|dept|est|incl|hr|hrs|mins|"
    "a\\.m|p\\.m|u\\.s",
    "fa": "",
}
_TITLES = "mr|mrs|ms|dr|prof|st|ing|mgr|bc|г|ул|им|пр|д"

# Contrast opens a new statement wherever it stands; the words of each row below that say the
# opposite ("not only ... but also", "хотя бы") do not.
_CONTRAST = {
    "ru": r"(?<!не только )(?:но(?! и\b)|зато|однако|хотя(?! бы\b)|тем не менее|при этом|"
    r"в то же время|с другой стороны|несмотря на|(?<=, )а(?! (?:также|то|именно|не то)\b)|"
    r"(?<=,)а(?! (?:также|то|именно)\b)|(?<=, )правда|(?<=, )только|(?<=, )жаль|разве что|"
    r"за исключением|кроме того что|единственное)",
    "cs": r"(?:ale(?! (?:i|také|taky|take)\b)|avšak|avsak|jenže|jenze|jenomže|jenomze|zato|"
    r"nicméně|nicmene|přesto|presto|kdežto|kdezto|zatímco|zatimco|ačkoli\w?|ackoli\w?|přestože|"
    r"prestoze|i když|i kdyz|na druhou stranu|naopak|(?<=, )jen|(?<=, )akorát|(?<=, )akorat|"
    r"(?<=, )pouze|bohužel|bohuzel|škoda|skoda)",
    "en": r"(?<!nothing )(?<!anything )(?<!all )(?<!last )(?:but(?! also\b)|however|though|"
    r"although|(?<=, )yet|(?<=, )still|whereas|(?<=, )while|on the other hand|nevertheless|"
    r"nonetheless|despite|in spite of|even if|unfortunately|sadly|too bad|except(?! for that\b)|"
    r"otherwise|unlike|the only (?:problem|downside|thing|drawback|complaint))",
    "fa": r"(?:اما|ول[یيى]|ل[یيى]کن|لکن|منتها|منته[یيى]|هر ?چند|اگر ?چه|با این حال|با اینحال|"
    r"با وجود|در حال[یيى] ?\u200c?که|در عوض|متاسفانه|متأسفانه|فقط حیف|حیف که|به جز)",
}
_AND = {
    "ru": "но и|а также|а то|а именно|да и|и|а|плюс|также|ещё|еще|кроме того|потому что|"
    "так как|поэтому|когда",
    "cs": "ale i|ale také|ale taky|ale take|a taky|a také|a take|a|i|plus|navíc|navic|protože|"
    "protoze|takže|takze|když|kdyz",
    "en": "but also|and|plus|also|as well as|with|because|since|so|which|when|while",
    "fa": "و|هم|همچنین|همچن[يى]ن|ضمنا|چون|زیرا|که",
}

_EMOJI = "[\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff\ufe0f\u200d]"
_BLANK = r"[^\S\r\n\u2028\u2029\x85]"
_CAPITAL = "[A-ZÁČĎÉĚÍŇÓŘŠŤÚŮÝŽА-ЯЁ\u0621-\u064a\u067e-\u06cc]"  # Persian has no capitals
_CLOSING = "[\"'»”)\\]*]*+"
_SMILEY = r"[:;=][-^']?[)(DP/|\\]++|\){2,}+|\({2,}+"
_LIST_MARK = r"(?:[-–—•·*●▪►✓✔+]|\d{1,2}[.)])(?=\s)"


def split(text: str, language: str) -> list[Clause]:
    """The clauses of a text in order; blank ones are left out, nothing else is lost.

    `language` (ru, cs, fa, en) decides which words join clauses; for another language only
    punctuation and line ends count.
    """
    clauses: list[Clause] = []
    start, join = 0, SENTENCE
    for found in _boundaries(language).finditer(text):
        kind = found.lastgroup or ""
        if kind == "stop" and _is_abbreviated(text, found, language):
            continue
        word = kind in ("contrast", "and")
        end = found.start() if word or kind == "line" else found.end()
        _append(clauses, text, start, end, join)
        if word and not text[start:end].strip(" \t,;-–—("):
            # "..., but": the comma's boundary and the word's are one.
            join = CONTRAST if CONTRAST in (join, kind) else join
        else:
            join = {"contrast": CONTRAST, "and": SOFT, "soft": SOFT}.get(kind, SENTENCE)
        start = found.start() if word else found.end()
    _append(clauses, text, start, len(text), join)
    return clauses


def _append(clauses: list[Clause], text: str, start: int, end: int, join: str) -> None:
    """Adds text[start:end] without its outer spaces, unless no letter or sign is left."""
    piece = text[start:end]
    bare = piece.strip().rstrip(" ,،:;؛(-–—|/")
    if not bare.strip(",;:.!?…؟-–—()،؛/\\|•·*●▪►✓✔+\"'«»"):
        return
    start += len(piece) - len(piece.lstrip())
    clauses.append(Clause(start, start + len(bare), bare, join))


def _is_abbreviated(text: str, stop: re.Match[str], language: str) -> bool:
    """True when the full stop belongs to a word (`руб.`, `Dr.`), not to the sentence."""
    if stop[0].strip(" \t\"'»”)]*") != ".":
        return False
    before = text[max(0, stop.start() - 12) : stop.start()].lower()
    if _ends_with(_TITLES).search(before):
        return True
    after = text[stop.end() : stop.end() + 1]
    if stop[0] == "." and _ends_with("[^\\W\\d_]").search(before) and language != "fa":
        return True  # "U.S.", "т.е."
    if not (after.islower() or after.isdigit()) or language == "fa":
        return False
    return bool(_ends_with(_ABBREVIATIONS.get(language, "") + "|[^\\W\\d_]").search(before))


@cache
def _ends_with(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words.strip('|')})$")


@cache
def _boundaries(language: str) -> re.Pattern[str]:
    """One pattern for all that ends a clause; the group's name says which kind it is.

    Written for one pass from left to right: a comma or a stop between digits (`1,5`, `10:30`)
    ends nothing, an emoji or a smiley ends the clause it stands behind.
    """
    parts = [
        rf"(?P<line>[\r\n\u2028\u2029\x85]\s*+(?:{_LIST_MARK}\s*)*|^\s*(?:{_LIST_MARK}\s*)+)",
        rf"(?P<stop>(?:[!?؟…]|\.)[.!?؟…]*+{_CLOSING}(?:{_BLANK}{{0,3}}(?:{_EMOJI}|{_SMILEY}))*+"
        rf"(?:{_BLANK}+|(?=\s)|$|(?<=[!?؟…])|(?<=[^\W\d]\.)(?=(?-i:{_CAPITAL}))))",
        rf"(?P<sign>(?<!{_EMOJI})(?:{_BLANK}{{0,3}}(?:{_EMOJI}|{_SMILEY}))++{_BLANK}*+(?=\w))",
        rf"(?P<half>[;؛]{_BLANK}*|{_BLANK}[|]+{_BLANK})",
        rf"(?P<soft>(?<!\d)[,،:]{_BLANK}*|[,،:](?!\d){_BLANK}*|{_BLANK}[-–—+/]+{_BLANK}"
        rf"|\(|\){_BLANK}+)",
    ]
    if language in _CONTRAST:
        parts.insert(0, rf"(?P<contrast>(?<!\w){_CONTRAST[language]}(?!\w))")
        parts.append(rf"(?P<and>(?<!\w)(?:{_AND[language]})(?!\w))")
    return re.compile("|".join(parts), re.IGNORECASE)
