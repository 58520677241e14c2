"""Masking of e-mail addresses and phone numbers, and keyed pseudonyms for authors.

What is masked errs on the side of privacy for numbers that are valid and written like phone
numbers, and on the side of the text for prices, dates, order and account numbers: a number is kept
when the words or signs around it say that it is something else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from hashlib import blake2b
from typing import Literal

from monitor.normalise.text import ascii_digits, fold

Masked = Literal["email", "phone"]
MASKED: tuple[Masked, ...] = ("email", "phone")

EMAIL_MASK = "[e-mail]"
PHONE_MASK = "[phone]"

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?[@＠]\s?(?:[\w-]{1,63}\.){1,5}[^\W\d_]{2,24}(?![\w-])"
)
_AT_WORD = r"[(\[{]\s*(?:at|a|zavin[aá][cč]|собака|ат|ات|@)\s*[)\]}]"
_DOT = r"(?:\s*[(\[{]\s*(?:dot|te[cč]ka|точка)\s*[)\]}]\s*|\.)"
_HIDDEN_EMAIL = re.compile(
    rf"(?<![\w.+-])[\w.+-]{{1,64}}\s*{_AT_WORD}\s*[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{0,3}}{_DOT}"
    r"[^\W\d_]{2,24}(?![\w-])",
    re.I,
)
_BRACKET = re.compile(r"[(\[{]\s*(?:at|a|zavin|собака|ат|ات|@)", re.I)

# Seven to fifteen digits with the separators of phone numbers; \d covers Persian digits too.
_CANDIDATE = re.compile(
    r"(?<![\w.,/=#№-])(?:\+\s?|\(\s?\+?)?\d(?:[ \u00a0().\-–/]{0,3}\d){6,14}(?![\w%])(?![.,:/]\d)"
)
_DATE_INSIDE = re.compile(
    r"(?<!\d)\d{1,2}[./-]\s?\d{1,2}[./-]\s?(?:19|20|13|14)?\d{2}(?!\d)"
    r"|(?<!\d)(?:19|20|13|14)\d{2}[./-]\d{1,2}[./-]\d{1,2}(?!\d)"
)
_THOUSANDS = re.compile(r"\d{1,3}(?:[ \u00a0.]\d{3})+")

_MONEY_AFTER = re.compile(
    r"\s{0,2}(?:,-|kč|kc\b|czk|eur|usd|руб|р\.|тыс|₽|€|\$|£|تومان|تومن|ریال|ريال|korun|rub)", re.I
)
_MONEY_BEFORE = re.compile(r"(?:[$€£₽]|kč|czk|eur|usd|rub)\s?$", re.I)
# Words that say what a number is; the one nearest before it counts. "Phone" is also a product.
_OTHER_WORD = re.compile(
    r"objedn|faktur|z[aá]silk|bal[ií]k|reklamac|[uú]č(?:et|tu)\b|\bi[cč]o\b|\bdi[cč]\b|symbol|\bvs\b|"
    r"s[eé]riov|\bimei\b|\bisbn\b|\bean\b|\bs/n\b|serial|\border|invoice|tracking|parcel|ticket|"
    r"account|claim|\bcase\b|\bref\b|reference|\bsku\b|article|заказ|накладн|трек|посылк|сч[её]т|"
    r"\bкарт[аеыу]|артикул|\bинн\b|\bогрн|\bчек|договор|обращени|заявк|№|سفارش|فاکتور|پیگیری|رهگیری|"
    r"حساب|کارت|کد\b|بارکد|سریال",
    re.I,
)
_PHONE_WORD = re.compile(
    r"\btel\b|telef|\bmob|volej|volal|\bphone|\bcall|\bfax\b|whatsapp|viber|telegram|\bsms\b|"
    r"\btext me|на номер|с номера|\bтел\b|телеф|\bмоб|звон|"
    r"в[ао][тц]с?ап|тлф|تلفن|موبایل|تماس|همراه|واتساپ|واتس|زنگ",
    re.I,
)
_NEAR_CHARS = 40
_OTHER_NEAR_CHARS = 28
_LOCAL = re.compile(r"\d{3}[ -]?\d{2}[ -]?\d{2}|\d{3}-\d{4}|\d{4}[ -]?\d{4}")
_IN_PARENTHESES = re.compile(r"\(\d{3,4}\) ?\d{2,3}[ -]?\d{2}[ -]?\d{2,3}")

_COUNTRIES = {9: ("CZ",), 10: ("RU", "US", "IR"), 11: ("RU", "IR", "GB", "US")}
"""Where a number without a country code may be from, by its count of digits."""

_TRUNK = {"RU": "78", "IR": "0", "GB": "0", "US": "1"}
"""What eleven digits start with there: the prefix dialled before the area code."""

_TEN_GROUPED = re.compile(r"\(?\d{3}\)?[ .-]*\d{3}[ .-]+\d{2}[ .-]?\d{2}")


def mask(text: str, what: Collection[Masked] = MASKED) -> tuple[str, int]:
    """The text with `what` of addresses and numbers replaced, and how many were."""
    masked = 0
    if "email" in what:
        text, masked = _mask_addresses(text)
    if "phone" in what:
        text, in_numbers = _mask_numbers(text)
        masked += in_numbers
    return text, masked


def _mask_addresses(text: str) -> tuple[str, int]:
    masked = 0
    if "@" in text or "＠" in text:
        text, n = _EMAIL.subn(EMAIL_MASK, text)
        masked += n
    if _BRACKET.search(text):
        text, n = _HIDDEN_EMAIL.subn(EMAIL_MASK, text)
        masked += n
    return text, masked


def _mask_numbers(text: str) -> tuple[str, int]:
    masked = 0
    pieces: list[str] = []
    end = 0
    for candidate in _CANDIDATE.finditer(text):
        if _is_phone(candidate, text):
            pieces += (text[end : candidate.start()], PHONE_MASK)
            end = candidate.end()
            masked += 1
    if pieces:
        text = "".join((*pieces, text[end:]))
    return text, masked


def _is_phone(candidate: re.Match[str], text: str) -> bool:
    number = ascii_digits(candidate[0])
    digits = re.sub(r"\D", "", number)
    before = text[max(0, candidate.start() - _NEAR_CHARS) : candidate.start()].rpartition("\n")[2]
    if _DATE_INSIDE.search(number) or _is_sequence(number):
        return False
    if _MONEY_AFTER.match(text, candidate.end()) or _MONEY_BEFORE.search(before):
        return False
    if number.startswith("+ ") and _THOUSANDS.fullmatch(number[2:]):
        return False
    if "+" in number:
        return _is_possible("+" + digits)
    if digits.startswith("00"):
        return _is_valid("+" + digits[2:], None)
    phone_word, other_word = _last(_PHONE_WORD, before), _last(_OTHER_WORD, before)
    if other_word > max(phone_word, len(before) - _OTHER_NEAR_CHARS):
        return False
    says_phone = phone_word >= 0 and not _THOUSANDS.fullmatch(number)
    if says_phone and len(before) - phone_word <= 20 and _LOCAL.fullmatch(number):
        return True  # without an area code: no country's plan tells it from another number
    return bool(_IN_PARENTHESES.fullmatch(number)) or _is_national(number, digits, says_phone)


def _last(pattern: re.Pattern[str], text: str) -> int:
    """Where the pattern occurs last, or -1."""
    return max((match.start() for match in pattern.finditer(text)), default=-1)


def _is_national(number: str, digits: str, says_phone: bool) -> bool:
    """Whether a number without a country code is one of the forms people write in a country."""
    grouped = not number.isdigit()
    if len(digits) == 12 and digits[:3] in ("420", "421", "989"):
        return _is_valid("+" + digits, None)
    for country in _COUNTRIES.get(len(digits), ()):
        if len(digits) == 10:
            # Ten bare digits are as often an order as a phone, but mobiles start with a nine.
            is_mobile = country != "US" and digits[0] == "9"
            written = grouped and _TEN_GROUPED.fullmatch(number) is not None
            plausible = says_phone or is_mobile or written
        elif country == "CZ":
            plausible = says_phone or digits[0] in "67" or _in_threes(number)
        else:
            plausible = digits[0] in _TRUNK[country] and (says_phone or grouped or country != "US")
        if plausible and _is_valid(digits, country):
            return True
    return False


def _in_threes(number: str) -> bool:
    return re.fullmatch(r"\d{3}[ \u00a0-]\d{3}[ \u00a0-]\d{3}", number) is not None


def _is_sequence(number: str) -> bool:
    """Several short numbers in a row ("10 20 30 40 50"), ranges, or an IP address."""
    groups = re.findall(r"\d+", number)
    if re.fullmatch(r"\d{1,3}(?:\.\d{1,3}){3}", number):
        return True
    return len(groups) >= 4 and max(map(len, groups)) <= 2 and len({len(g) for g in groups}) == 1


@lru_cache(maxsize=4096)
def _is_valid(number: str, country: str | None) -> bool:
    """Whether a country's numbering plan has this number."""
    import phonenumbers  # loaded for the first text that may hold a number

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, country))
    except phonenumbers.NumberParseException:
        return False


@lru_cache(maxsize=4096)
def _is_possible(number: str) -> bool:
    """Whether a number with its country code has a length used there.

    Nobody writes + and a country code for anything else, and plans change faster than releases.
    """
    import phonenumbers

    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False


def pseudonym(name: str | None, key: bytes) -> str | None:
    """16 hex characters that stand for an author: the same for one name and key, not reversible.

    None for a missing or blank name. Case, blanks, a leading @ and letter variants do not count.
    """
    if not name:
        return None
    plain = " ".join(fold(unicodedata.normalize("NFKC", name)).split()).removeprefix("@")
    if not plain:
        return None
    if len(key) > 64:  # the longest key blake2b takes
        key = blake2b(key).digest()
    data = plain.encode("utf-8", "backslashreplace")
    return blake2b(data, digest_size=8, key=key).hexdigest()
