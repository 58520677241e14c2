"""Which language a text is in: script and letters first, then py3langid among a few candidates.

Names nine languages; everything else is `other`, so that a neighbour (Ukrainian, Slovak, Urdu)
is never counted as one of the four that are scored well. A short or doubtful text inherits the
hint, usually the language of its source.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from models.text import URL, USER

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

OTHER = "other"
NAMED = frozenset({"ru", "uk", "bg", "cs", "sk", "en", "fa", "ar", "ur"})

# What py3langid may answer, by script. Languages outside NAMED are there to be recognised as
# something else; with its full list of 130, short Czech texts fall from 95 % to 79 % right.
_CANDIDATES = {
    "cyrillic": ("ru", "uk", "bg", "be", "sr", "mk"),
    "latin": ("cs", "sk", "en", "pl", "de", "es", "fr", "it", "hu", "hr", "sl", "tr"),
    "arabic": ("fa", "ar", "ur"),
}
_SCRIPT_OF = {
    code: script for script, codes in _CANDIDATES.items() for code in codes if code in NAMED
}

# Letters that settle the language alone. A letter of a language we do not name means `other`.
_DECISIVE: Mapping[str, Sequence[tuple[re.Pattern[str], str]]] = {
    "cyrillic": (
        (re.compile("[ўәғқңөұүһҗѓќѕљњџђћј]"), OTHER),
        (re.compile("[іїєґ]"), "uk"),
        (re.compile(r"\b(?:дуже|щоб|було|дякую|якщо|тільки|буде|квитки|годину)\b"), "uk"),
        # Between consonants only Bulgarian has it.
        (re.compile(r"[^\Wиеаоуяю]ъ[бвгджзйклмнпрстфхцчшщ]"), "bg"),
        (re.compile("[ыэё]"), "ru"),
    ),
    "latin": (
        (re.compile("[ßñãõąęłśźżğıőűøåæ]"), OTHER),
        (re.compile("[ěřů]"), "cs"),
        (re.compile("[ľĺŕ]|dôv|kôl|môj|môž|nôž|stôl|vôb|tiež|ieť|ujú |päť|mä[sť]"), "sk"),
    ),
    "arabic": (
        (re.compile("[ێۆڕڵټډړښڼۍې]"), OTHER),
        (re.compile("[ٹڈڑںےھہۓ]"), "ur"),
        (re.compile("[پچژگ]"), "fa"),
        # Letters, an article and little words that Persian does not have.
        (
            re.compile(
                r"ة|\b[أإ]|\bو?(?:في|هذا|هذه|التي|الذي|كانت|كان|ليس|لكن)\b"
                r"|\b[ول]?ال(?!بته|ان\b)[^\W\d_]{3,}.*\b[ول]?ال(?!بته|ان\b)[^\W\d_]{3,}"
            ),
            "ar",
        ),
        # Persian typed with Arabic letters: its commonest words, none of them Arabic.
        (
            re.compile(r"\b(?:خ[يی]ل[يی]|برا[يی]|ا[يی]ن|است|ن[يی]ست|را|رو|که|م[يی]|بود|خوب|هم)\b"),
            "fa",
        ),
    ),
}

# Commonest words of Russian and Persian typed in Latin letters, none of them English or Czech.
_TRANSLITERATED = {
    "ru": re.compile(
        r"\b(?:ochen|spasibo|otlichn\w+|khorosh\w+|horosh\w+|plokh\w+|ploho|kachestv\w+|dostavk\w+"
        r"|vsyo|eto|bolsh\w+|sovsem|voobshe|pochemu|tolko|bystr\w+|vkusn\w+|rabota\w+|deneg|"
        r"dengi|uzhas\w*|nikogda|bolshe|zakazal\w*|ponravil\w+|udobn\w+|chto)\b"
    ),
    "fa": re.compile(
        r"\b(?:kheili|kheyli|khayli|xeyli|khoob\w*|khub\w*|mamnoon\w*|merci|behtarin|bood\w*|nabood|"
        r"nist|hast\w*|keyfiat\w*|pishnahad|mikonam|nemikon\w+|mikon\w+|nadar\w+|vali|aslan|"
        r"razi|razy|arzoon|geroon|baste|bandi|forooshgah\w*|ghaza\w*|zood|aali|ersal|"
        r"kharid\w*|mikharam|shod\w*|eftez\w+|khoshmaze|baraye|damet|garm|hichkas|baad)\b"
    ),
}

_CZECH_ACCENT = re.compile("[áčďéíňóšťúýž]")
_NOISE = re.compile(r"https?://\S+|www\.\S+|[@#]\w+|&\w+;|<[^<>]{1,80}>|[" + URL + USER + "]")
# Runs of letters, not single ones: few matches to a text instead of one for every letter.
_SCRIPTS = {
    "cyrillic": re.compile("[\u0400-\u052f]+"),
    "arabic": re.compile("[\u0621-\u064a\u066e-\u06d3\u06fa-\u06ff\ufb50-\ufdfb\ufe70-\ufefc]+"),
    "latin": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+"),
}
_LETTERS = re.compile(r"[^\W\d_]+")

SHORT_LETTERS = 20  # below this no tool is right often enough to contradict the source
NEAR_TIE = 0.60  # confidence under which the hint is believed instead
LONG_LETTERS = 80  # below this a neighbour without a letter of its own does not beat the hint
READ_CHARACTERS = 200  # enough to decide; the rest of a long review only costs time


@dataclass(frozen=True, slots=True)
class Language:
    """An ISO 639-1 code of NAMED or `other`; confidence 0..1 (0.5 when inherited)."""

    code: str
    confidence: float


def identify(texts: Sequence[str], hints: Sequence[str | None] | None = None) -> list[Language]:
    """The language of each text, in order; `hints` are the codes their sources suggest."""
    if hints is None:
        hints = [None] * len(texts)
    return [_identify(text, hint) for text, hint in zip(texts, hints, strict=True)]


def _identify(text: str, hint: str | None) -> Language:
    clean = _NOISE.sub(" ", text[: 2 * READ_CHARACTERS])[:READ_CHARACTERS]
    counts = {script: _count(pattern, clean) for script, pattern in _SCRIPTS.items()}
    script = max(counts, key=lambda name: counts[name])
    letters = _count(_LETTERS, clean)
    if not letters:
        return _inherited(hint)
    if counts[script] < 0.5 * letters:
        return Language(OTHER, 0.9) if sum(counts.values()) < 0.5 * letters else _inherited(hint)
    lowered = clean.lower()
    decided = _by_letters(lowered, script) or _transliterated(lowered, script, hint)
    if decided is not None:
        return decided
    fitting_hint = hint if _SCRIPT_OF.get(hint or "") == script else None
    if letters < SHORT_LETTERS and fitting_hint is not None:
        return Language(fitting_hint, 0.5)
    return _by_model(lowered, script, fitting_hint, letters)


def _count(letters: re.Pattern[str], text: str) -> int:
    """How many letters the runs in the text have together."""
    return sum(map(len, letters.findall(text)))


def _inherited(hint: str | None) -> Language:
    return Language(hint, 0.5) if hint in NAMED and hint is not None else Language(OTHER, 0.0)


def _by_letters(lowered: str, script: str) -> Language | None:
    """The language that one letter settles, if one does and no other contradicts it."""
    found = [code for pattern, code in _DECISIVE[script] if pattern.search(lowered)]
    if len(set(found)) == 1:
        return Language(found[0], 0.95)
    if script == "arabic" and found[:1] == ["ur"]:  # Urdu has every Persian letter as well
        return Language("ur", 0.9)
    return None


def _transliterated(lowered: str, script: str, hint: str | None) -> Language | None:
    """Russian or Persian in Latin letters; one word is enough where the source is in it."""
    if script != "latin":
        return None
    for code, pattern in _TRANSLITERATED.items():
        if code == hint or hint not in NAMED:
            words = len(set(pattern.findall(lowered)))
            if words >= (2 if code == hint else 3) or 3 * words >= max(3, len(lowered.split())):
                return Language(code, 0.6)
    return None


def _by_model(lowered: str, script: str, hint: str | None, letters: int) -> Language:
    code, confidence = _identifier(script).classify(lowered)
    if confidence >= NEAR_TIE and letters >= SHORT_LETTERS:
        if letters < LONG_LETTERS and _is_neighbour(code, hint, lowered):
            return Language(str(hint), 0.5)
        return Language(code if code in NAMED else OTHER, confidence)
    if hint is not None:
        return Language(hint, 0.5)
    if letters < SHORT_LETTERS:
        code = _best_of_the_four(lowered, script)
    return Language(code if code in NAMED else OTHER, min(confidence, 0.5))


def _is_neighbour(code: str, hint: str | None, lowered: str) -> bool:
    """True where py3langid takes two languages for each other and the source knows better.

    Czech and Slovak typed without accents, and Persian typed with Arabic letters.
    """
    if {code, hint} == {"cs", "sk"}:
        return not _CZECH_ACCENT.search(lowered)
    return {code, hint} in ({"fa", "ar"}, {"fa", "ur"})


def _best_of_the_four(lowered: str, script: str) -> str:
    """A guess for a short text without a hint: only the languages that are scored well."""
    if script != "latin":
        return "ru" if script == "cyrillic" else "fa"
    if _CZECH_ACCENT.search(lowered):
        return "cs"
    ranked = dict(_identifier(script).rank(lowered))
    return "cs" if ranked["cs"] > ranked["en"] else "en"


@cache
def _identifier(script: str) -> LanguageIdentifier:
    """py3langid limited to the candidates of one script; loaded (0.6 s) at first use."""
    identifier = copy.copy(_full_identifier())
    identifier.set_languages(list(_CANDIDATES[script]))
    return identifier


@cache
def _full_identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
