"""Labelled texts read from disk, with what training has to know about each set."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from models import behaviour
from models.text import fold_many, without_diacritics
from models.training.latin import in_latin_letters
from models.training.templates import sentences

LABELS = ("negative", "neutral", "positive")

# What a set's domain says about the kind of text; a domain not named here is unknown (None).
KIND_OF_DOMAIN = {
    "social": "post",
    "social-bank": "post",
    "social-telecom": "post",
    "social-airline": "post",
    "news": "news",
    "app": "review",
    "bank": "review",
    "book": "review",
    "books": "review",
    "electronics": "review",
    "film": "review",
    "films": "review",
    "food": "review",
    "games": "review",
    "goods": "review",
    "hotel": "review",
    "products": "review",
    "reviews": "review",
}
KINDS = ("review", "post", "comment", "news")

# Posts that are answers to others: half of them are shown to the model as comments.
COMMENT_SETS = frozenset({"goemotions_reddit", "insta_zekavat", "facebook_habernal"})

OWN = "own"

# How much one row of a set counts, where it is not 1: labels made from emotions, projected
# through subtitles, pros and cons lists or template sentences say less than a person's label.
ROW_WEIGHTS = {
    OWN: 4.0,  # 3,000 rows that each stand for a way of speaking
    "cedr_emotion": 0.5,
    "xed_subtitles_projected": 0.2,
    "xed_subtitles_projected_sk": 0.2,
    "xed_fa": 0.2,
    "zbokaee_electronics": 0.4,
    "armanemo": 0.4,
    "shortpersianemo": 0.5,
    "insta_captions_mebasiri": 0.3,
    "heureka_klocok_proscons": 0.5,
    "heureka_ddw_2017_proscons": 0.5,
    "taaghche_books": 0.6,
    "sk_tweets_mozetic": 0.4,
    "csfd_ib030_2016_sk": 0.5,
    "sk_reviews_typology": 0.5,
}

_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled text. `dataset` is the file's stem, `kind` one of KINDS or None."""

    text: str
    label: str
    rating: str | None
    dataset: str
    language: str
    domain: str
    kind: str | None
    split: str


def kind_of(domain: str | None) -> str | None:
    """review, post, comment or news for a set's domain such as `goods:books`; else None."""
    if not domain:
        return None
    name = domain.split(":")[0]
    return name if name in KINDS else KIND_OF_DOMAIN.get(name)


def json_lines(path: Path) -> Iterator[dict[str, object]]:
    """The objects of a .jsonl or .jsonl.gz file, in order."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def kind_of_set(path: Path) -> str | None:
    """The kind of a set's texts, by the domain of its first row; None where it is not known."""
    first = next(json_lines(path), None)
    return kind_of(str(first["domain"])) if first else None


def data_files(root: Path) -> list[Path]:
    """The sets below `root`, one file each in a folder named by its language, sorted."""
    return sorted(root.glob("??/*.jsonl.gz"))


def read_examples(paths: Iterable[Path]) -> list[Example]:
    """All rows of the sets; language from the folder's name, kind from the domain."""
    examples = []
    for path in paths:
        dataset = path.name.split(".")[0]
        for row in json_lines(path):
            domain, rating = str(row["domain"]), row.get("rating")
            examples.append(
                Example(
                    str(row["text"]),
                    str(row["label"]),
                    None if rating is None else str(rating),
                    dataset,
                    path.parent.name,
                    domain,
                    kind_of(domain),
                    str(row["split"]),
                )
            )
    return examples


def template_examples() -> list[Example]:
    """The sentences of `models.training.templates`, shown in turn as review, post and comment."""
    return [
        Example(text, label, None, "templates", language, "templates", KINDS[place % 3], "train")
        for place, (language, text, label) in enumerate(sentences())
    ]


def own_examples() -> list[Example]:
    """The texts in `models/training/own/LANGUAGE/THEME.tsv`, written for this project.

    They show what the sets hardly do: complaints told as facts, negated praise, contrasts, plain
    facts and questions, marks in words, and the trades that no set is from.
    """
    folder = Path(__file__).parent / "own"
    examples = []
    for path in sorted(folder.glob("??/*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            label, kind, text = line.split("\t")
            language = path.parent.name
            examples.append(Example(text, label, None, OWN, language, "own", kind, "train"))
    return examples


def digest(paths: Sequence[Path]) -> str:
    """SHA-256 over the names and bytes of the files, in the order given."""
    total = hashlib.sha256()
    for path in paths:
        total.update(f"{path.parent.name}/{path.name}\n".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def sameness_keys(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Two keys a text: all its letters and digits, and the first 120 of them.

    Folded, so that case, spaces, joiners, Arabic letter forms and Czech accents do not hide a
    copy; the second key finds the same long review cut at another length.
    """
    keys = []
    for text in fold_many(texts):
        letters = _NOT_LETTERS.sub("", without_diacritics(text)) or text
        keys.append((letters, letters[:120]))
    return keys


def without_leaks(examples: Sequence[Example]) -> tuple[list[Example], dict[str, int]]:
    """Examples less the train rows that repeat a held-out row; and how many a set lost.

    Held out are the dev, test and ood rows, and the sentences of the behavioural suites.
    """
    keys = sameness_keys([example.text for example in examples])
    held_out = {
        key
        for example, pair in zip(examples, keys, strict=True)
        if example.split != "train"
        for key in pair
    }
    suites = [case for code in behaviour.LANGUAGES for case in behaviour.cases(code)]
    asked = [case[part] for case in suites for part in ("text", "variant") if part in case]
    held_out.update(whole for whole, _ in sameness_keys(asked))
    kept, lost = [], dict[str, int]()
    for example, (whole, start) in zip(examples, keys, strict=True):
        if example.split == "train" and (whole in held_out or _cut_copy(start, held_out)):
            lost[example.dataset] = lost.get(example.dataset, 0) + 1
        else:
            kept.append(example)
    return kept, lost


def _cut_copy(start: str, held_out: set[str]) -> bool:
    return len(start) == 120 and start in held_out


IN_LATIN = 0.2
"""Share of the respelled Russian and Persian texts that are typed in Latin letters."""


def respelled(example: Example) -> str:
    """The text as many type it: Czech and Slovak without accents, Persian without joiners, and one
    Russian or Persian text in five in Latin letters."""
    if example.language in ("cs", "sk"):
        return without_diacritics(example.text)
    luck = random.Random(example.text)
    if luck.random() < IN_LATIN:
        return in_latin_letters(example.text, example.language, luck)
    return example.text.replace("\u200c", "") if example.language == "fa" else example.text


def ordinal_target(example: Example, softness: float) -> tuple[float, float, float]:
    """Probabilities of negative, neutral, positive that a row's label and stars stand for.

    A review of four or two stars is partly neutral (`softness`), one of three leans neither way;
    five, one and labels without stars are taken at their word.
    """
    label = LABELS.index(example.label)
    stars = _stars(example)
    target = [0.0, 0.0, 0.0]
    target[label] = 1.0
    if stars in (2, 4) and label != 1:
        target[label], target[1] = 1.0 - softness, softness
    return target[0], target[1], target[2]


def _stars(example: Example) -> int | None:
    """Stars 1-5 where the set has them (0-5 of film fans: 0 counts as 1), else None."""
    if example.rating is None or example.dataset not in STAR_SETS:
        return None
    return max(1, round(float(example.rating)))


STAR_SETS = frozenset(
    {
        "livelib_books",
        "ozon_goods",
        "csfd_ib030_2016",
        "csfd_ib030_2016_sk",
        "digikala_samsung",
        "tripadvisor_hotels",
    }
)
