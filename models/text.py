"""Folding of raw text into the plain form that features are counted on.

One text written two ways (Arabic or Persian letters, a joiner or a space, `soooo` or `so`,
yo or ye) must give the same features, otherwise the spelling gives away the site it came from
and the model learns the site. The folded form is for features only: it is never shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

# Marks are private-use characters: one each, never in a user's text once folded.
URL, USER, CAPS, STRETCH = "\ue000", "\ue001", "\ue002", "\ue003"

# Texts are folded many at a time, joined by a character that ends no word in any script.
_JOIN = "\n"
_PRIVATE = re.compile("[\ue000-\ue0ff]")

_LETTERS = {
    # Arabic letters that Persian keyboards and sites mix with their own.
    "ي": "ی",
    "ى": "ی",
    "ئ": "ی",
    "ك": "ک",
    "ة": "ه",
    "ۀ": "ه",
    "أ": "ا",
    "إ": "ا",
    "ٱ": "ا",
    "ؤ": "و",
    "ё": "е",
    "Ё": "Е",
    # Breaks: the zero-width non-joiner, direction marks, soft line ends, underscores of hashtags.
    "\u200c": " ",
    "\u200b": " ",
    "\u00a0": " ",
    "\r": " ",
    "\t": " ",
    "\v": " ",
    "\f": " ",
    "\x1c": " ",
    "\x1d": " ",
    "\x1e": " ",
    "\x85": " ",
    "\u2028": " ",
    "\u2029": " ",
    "_": " ",
    # Quotes and apostrophes to one shape each.
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "`": "'",
    "´": "'",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "–": "-",
    "—": "-",
    "−": "-",
    "،": ",",
    "؛": ";",
    "؟": "?",
    "٪": "%",
}
_DROPPED = [
    0x0640,  # tatweel
    *range(0x064B, 0x0660),
    0x0670,
    *range(0x06D6, 0x06DD),  # Arabic vowel signs
    0x200D,
    0x200E,
    0x200F,
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    0xFEFF,
    0x00AD,
    *range(0xFE00, 0xFE10),
    *range(0x1F3FB, 0x1F400),  # emoji presentation and skin tones
]
_TABLE = str.maketrans(
    _LETTERS
    | {chr(code): None for code in _DROPPED}
    | {chr(0x06F0 + d): str(d) for d in range(10)}
    | {chr(0x0660 + d): str(d) for d in range(10)}
)

_ENTITY = re.compile(r"&(amp|lt|gt|quot|nbsp|#39|apos);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "nbsp": " ", "#39": "'", "apos": "'"}
_TAG = re.compile(r"<[/!]?[a-zA-Z][^<>\n]{0,80}>")
_URL = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|ru|cz|ir|org|net|co|ly)/\S*")
_USER = re.compile(r"(?<![\w.])@\w+")
_CAPS = re.compile(r"\b([A-ZÁČĎÉĚÍŇÓŘŠŤÚŮÝŽА-ЯІЇЄ]{3,})\b")
_NOT = re.compile(r"(?<=\w) n't\b")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_STRETCH_TAIL = re.compile(STRETCH + r"([\w" + STRETCH + "]*)")
_REPEATED = re.compile(r"([^\w\s])\1{3,}")
_SYMBOLS = re.compile(
    "([\u2190-\u2bff\u3030\u303d\U0001f000-\U0001faff\ue000-\ue003])|([^\\w\\s\ue000-\ue003]+)"
)
_SPACES = re.compile(r"[^\S\n]+")


def fold(text: str) -> str:
    """The folded form of one text: lower case, single spaces, marks for links, users, caps."""
    return fold_many([text])[0]


def fold_many(texts: Sequence[str]) -> list[str]:
    """The folded forms of many texts, in order; about 40,000 short texts a second on one core.

    All texts go through each step together, so the cost of a Python call is paid once a batch.
    """
    if not texts:
        return []
    joined = _JOIN.join(text.replace("\n", " ") for text in texts)
    joined = unicodedata.normalize("NFKC", _PRIVATE.sub(" ", joined)).translate(_TABLE)
    if "&" in joined:
        joined = _ENTITY.sub(lambda found: _ENTITIES[found[1]], joined)
    joined = _TAG.sub(" ", joined)
    joined = _USER.sub(USER, _URL.sub(URL, joined))
    joined = _CAPS.sub(r"\1" + CAPS, joined).lower()
    joined = _APOSTROPHE.sub("", _NOT.sub("nt", joined))
    joined = _STRETCHED.sub(r"\1" + STRETCH, joined)
    joined = _STRETCH_TAIL.sub(_stretch_last, joined)
    joined = _REPEATED.sub(r"\1\1\1", joined)
    joined = _SYMBOLS.sub(r" \1\2 ", joined)
    joined = _SPACES.sub(" ", joined)
    return [line.strip() for line in joined.split(_JOIN)]


def _stretch_last(found: re.Match[str]) -> str:
    """The rest of a stretched word joined up again, its mark moved behind it."""
    return found[1].replace(STRETCH, "") + STRETCH


def without_diacritics(text: str) -> str:
    """The text with Latin accents dropped (`dobrý` -> `dobry`); other scripts stay as they are."""
    return text.translate(_PLAIN)


_PLAIN = str.maketrans(
    "áäčďéěíĺľňóôöřŕšťúůüýžÁÄČĎÉĚÍĹĽŇÓÔÖŘŔŠŤÚŮÜÝŽ",
    "aacdeeillnooorrstuuuyzAACDEEILLNOOORRSTUUUYZ",
)
