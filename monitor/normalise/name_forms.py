"""Every form in which a name is written: cases, possessives, joined suffixes, mixed scripts.

Names are declined here by tables of endings and not by the stemmers that search uses: Snowball
takes "Зелвано" for a verb and "Веста" for "вести". For search a stray hit costs nothing, while here
it decides whose text is kept. The forms of a name are few: they are written out once and looked up.
"""

from __future__ import annotations

from functools import cache

from monitor.normalise.text import fold

_PERSIAN = (
    "ی", "یی", "ای", "ها", "های", "هایی", "هایم", "هایت", "هایش", "هایمان", "هایتان", "هایشان",
    "یها", "یهای", "م", "ت", "ش", "ام", "ات", "اش", "یم", "یت", "یش", "مان", "تان", "شان", "رو",
    "ه", "ست", "یه",
)  # fmt: skip
"""Ezafe, "a", plural, possessives, the colloquial object marker and "is"; people join them all."""

_CYRILLIC_ON_LATIN = (
    "а",
    "у",
    "е",
    "ы",
    "и",
    "я",
    "ю",
    "ом",
    "ем",
    "ой",
    "ов",
    "ам",
    "ами",
    "ах",
    "й",
    "м",
)
"""What Russians hang on a name in Latin letters: "Zelvanoй", "Zelvanом"."""

# Last letters of a name -> endings that take their place, the longest match first. One form is left
# out on purpose: the bare stem of a name in a vowel ("вест" of "Веста") is its plural genitive,
# which nobody needs for a brand and which is too often another word.
_RUSSIAN = (
    ("ый", ("ого", "ому", "ым", "ом", "ые", "ых", "ыми")),
    ("ий", ("ого", "ому", "им", "ом", "его", "ему", "ем", "ие", "их", "ими", "ия", "ию", "ии")),
    ("ой", ("ого", "ому", "ым", "им", "ом", "ые", "ых", "ыми", "оя", "ое", "ою")),
    ("ая", ("ой", "ую", "ою", "ые", "ых", "ым", "ыми", "ие", "их")),
    ("ое", ("ого", "ому", "ым", "ом")),
    ("ия", ("ии", "ию", "ией", "иею", "иям", "иями", "иях")),
    ("ок", ("ка", "ку", "ком", "ке", "ки", "ков", "кам", "ками", "ках")),
    ("ек", ("ка", "ку", "ком", "ке", "ки", "ков", "кам", "ками", "ках")),
    ("ец", ("ца", "цу", "цом", "цем", "це", "цы", "цев", "цов", "цам", "цами", "цах")),
    *(
        (soft + "а", tuple(soft + end for end in ("и", "е", "у", "ой", "ей", "ам", "ами", "ах")))
        for soft in "гкхжшщч"
    ),
    ("а", ("ы", "е", "у", "ой", "ою", "ей", "ам", "ами", "ах")),
    ("я", ("и", "е", "ю", "ей", "ею", "ям", "ями", "ях")),
    ("о", ("а", "у", "ом", "е", "ы", "ам", "ами", "ах")),
    ("е", ("я", "ю", "ем", "а", "у", "ом")),
    ("ь", ("и", "я", "ю", "ью", "ем", "ей", "е", "ям", "ями", "ях")),
    ("й", ("я", "ю", "ем", "е", "и", "ев", "ям", "ями", "ях")),
)  # fmt: skip
_RUSSIAN_AFTER_CONSONANT = (
    "а", "у", "ом", "ем", "е", "ы", "и", "ов", "ей", "ам", "ами", "ах",
)  # fmt: skip
_RUSSIAN_VOWELS = frozenset("аеиоуыэюяйь")

_CZECH = (
    ("ek", ("ku", "ka", "kem", "kovi", "cich", "ky", "kum", "ce")),
    ("ec", ("ce", "ci", "cem", "covi", "cich", "cu", "cum")),
    ("ka", ("ky", "ce", "ku", "ko", "kou", "kam", "kami", "kach", "cin", "cina", "ciny")),
    ("ha", ("hy", "ze", "hu", "ho", "hou", "ham", "hami", "hach")),
    ("ga", ("gy", "ze", "gu", "go", "gou", "gam", "gami", "gach")),
    ("cha", ("chy", "se", "chu", "cho", "chou", "cham", "chami", "chach")),
    ("a", ("y", "e", "i", "u", "o", "ou", "am", "ami", "ach", "in", "ina", "iny", "ine", "inu")),
    ("o", ("a", "u", "e", "em", "ovi", "y", "um", "ech", "ich", "uv", "ova", "ove", "ovo", "ovy")),
    ("um", ("a", "u", "em", "y", "ech")),
    ("us", ("u", "em", "ovi", "a", "e")),
    ("e", ("u", "em", "ovi", "i", "a", "y", "ech", "ich", "ich", "im")),
)  # fmt: skip
_CZECH_AFTER_CONSONANT = (
    "u", "a", "e", "i", "y", "em", "ovi", "ove", "um", "ech", "ich", "ach", "ami", "uv", "ova",
    "ovo", "ovy", "ovu", "ovou",
)  # fmt: skip
_LATIN_VOWELS = frozenset("aeiouy")
_SHORTEST = 3
"""A shorter name ("O2", "VK") is not declined: what its endings would make is another word."""


@cache
def forms_of(word: str) -> frozenset[str]:
    """The word of a name in every form it takes, folded; one of two letters only as it is."""
    name = fold(word)
    if len(name) < _SHORTEST or not name.isalpha():
        return frozenset({name})
    if "\u0400" <= name[0] <= "\u052f":
        return frozenset(
            {name, *_declined(name, _RUSSIAN, _RUSSIAN_AFTER_CONSONANT, _RUSSIAN_VOWELS)}
        )
    if "\u0600" <= name[0] <= "\u06ff":
        return frozenset({name, *(name + ending for ending in map(fold, _PERSIAN))})
    if not name.isascii():
        return frozenset({name})
    joined = (*map(fold, _PERSIAN), *_CYRILLIC_ON_LATIN)
    plural = name + ("es" if name.endswith(("s", "x", "z", "ch", "sh")) else "s")
    declined = _declined(name, _CZECH, _CZECH_AFTER_CONSONANT, _LATIN_VOWELS)
    return frozenset({name, plural, *declined, *(name + ending for ending in joined)})


def _declined(
    name: str,
    tables: tuple[tuple[str, tuple[str, ...]], ...],
    after_consonant: tuple[str, ...],
    vowels: frozenset[str],
) -> set[str]:
    for last, endings in tables:
        if name.endswith(last) and len(name) - len(last) >= 2:
            return {name[: -len(last)] + ending for ending in endings}
    if name[-1] in vowels:
        return set()
    return {name + ending for ending in after_consonant}
