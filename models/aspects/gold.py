"""Texts whose aspects people have labelled, brought to groups that theirs and ours both fit in.

Read from a folder with `en_semeval`, `ru_sentirueval2015` and `fa_parsinlu_food` (.jsonl.gz).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.text import fold
from models.training.data import json_lines

MIXED = "mixed"  # labelled both good and bad; counts for finding an aspect, not for its polarity

# Which group of the labelled sets each of our aspects falls in. Ours that no group fits (quality
# in a restaurant, say) are not counted at all: the labels say nothing of them. Theirs that are
# left out: a restaurant or car as a whole, anecdotes, a car's looks, comfort, safety, handling.
_RESTAURANT = {
    "food": "food",
    "selection": "food",
    "price": "price",
    "staff": "service",
    "support": "service",
    "speed": "service",
    "delivery": "service",
    "atmosphere": "ambience",
    "cleanliness": "ambience",
}
_GOODS = {aspect: aspect for aspect in ("food", "quality", "price", "packaging", "delivery")}
GROUP_OF = {
    "en restaurants 2014": _RESTAURANT,
    "en restaurants 2016": _RESTAURANT | {"location": "location"},
    "ru restaurants": _RESTAURANT,
    "ru cars": {"price": "price", "reliability": "reliability"},
    "fa food": _GOODS,
}
_SEMEVAL = {
    "food": "food",
    "service": "service",
    "ambience": "ambience",
    "price": "price",
    "FOOD#QUALITY": "food",
    "FOOD#STYLE_OPTIONS": "food",
    "DRINKS#QUALITY": "food",
    "DRINKS#STYLE_OPTIONS": "food",
    "SERVICE#GENERAL": "service",
    "AMBIENCE#GENERAL": "ambience",
    "LOCATION#GENERAL": "location",
    "FOOD#PRICES": "price",
    "DRINKS#PRICES": "price",
    "RESTAURANT#PRICES": "price",
}
_SENTIRUEVAL = {
    "ru restaurants": {
        "Food": "food",
        "Service": "service",
        "Interior": "ambience",
        "Price": "price",
    },
    "ru cars": {"Costs": "price", "Reliability": "reliability"},
}
_PARSINLU = {
    "طعم": "food",
    "ارزش غذایی": "food",
    "کیفیت": "quality",
    "ارزش خرید": "price",
    "بسته بندی": "packaging",
    "ارسال": "delivery",
}


@dataclass(frozen=True, slots=True)
class Gold:
    """A text and what people found in it: group -> negative, neutral, positive or MIXED."""

    dataset: str
    language: str
    text: str
    split: str
    aspects: Mapping[str, str]


def read_gold(folder: Path) -> list[Gold]:
    """All labelled texts, each text once."""
    seen: set[tuple[str, str]] = set()
    rows = []
    for row in (*_semeval(folder), *_sentirueval(folder), *_parsinlu(folder)):
        if (row.language, row.text) not in seen:
            seen.add((row.language, row.text))
            rows.append(row)
    return rows


def split_of(text: str) -> str:
    """train (70 %), dev (10 %) or test (20 %), the same for two spellings of one text."""
    digest = zlib.crc32("".join(filter(str.isalnum, fold(text))).encode()) % 10
    return "train" if digest < 7 else "dev" if digest == 7 else "test"


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    yield from json_lines(path)


def _semeval(folder: Path) -> Iterator[Gold]:
    for row in _rows(folder / "en_semeval.jsonl.gz"):
        # The training set of 2016 repeats that of 2015.
        if row["domain"] != "restaurants" or row["source"] == "se15":
            continue
        found: dict[str, str] = {}
        for labelled in row["aspect_categories"]:
            group = _SEMEVAL.get(labelled["category"])
            if group:
                label = labelled["polarity"].replace("conflict", MIXED)
                found[group] = label if found.get(group, label) == label else MIXED
        text = str(row["text"])
        dataset = f"en restaurants 20{str(row['source'])[2:]}"
        yield Gold(dataset, "en", text, split_of(text), found)


def _sentirueval(folder: Path) -> Iterator[Gold]:
    for row in _rows(folder / "ru_sentirueval2015.jsonl.gz"):
        dataset = f"ru {row['domain']}"
        groups = _SENTIRUEVAL[dataset]
        found = {
            groups[category]: label.replace("both", MIXED)
            for category, label in row["categories"].items()
            if category in groups and label != "absence"
        }
        text = str(row["text"])
        yield Gold(dataset, "ru", text, split_of(text), found)


def _parsinlu(folder: Path) -> Iterator[Gold]:
    for row in _rows(folder / "fa_parsinlu_food.jsonl.gz"):
        found: dict[str, str] = {}
        for category, value in row["aspects"].items():
            label = {"3": MIXED, "0": "neutral"}.get(
                value, "negative" if value.startswith("-") else "positive"
            )
            group = _PARSINLU[category]
            found[group] = label if found.get(group, label) == label else MIXED
        text = str(row["text"])
        split = "test" if row["split"] == "test" else split_of(text).replace("test", "train")
        yield Gold("fa food", "fa", text, split, found)
