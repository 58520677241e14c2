"""Step 1: labelled sets to a tokenizer and ids, small enough to travel to a lent machine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models.deep.inputs import KINDS, LANGUAGES
from models.deep.tokenizer import UNKNOWN, encode, train_tokenizer
from models.sentiment import LABELS
from models.text import fold_many
from models.training import data
from models.training.data import Example
from models.training.deep.recipe import Recipe, Session
from models.training.deep.rows import DEV, TRAIN, Rows, move, save_rows

_BATCH = 2000
_SAMPLE_CUT = 600  # characters of one text that the tokenizer sees: long reviews repeat themselves


def pack(session: Session) -> bool:
    """Writes tokenizer.json, ids.xz, rows.npz and notes.json into the pack; true when done.

    Test and unseen sets are left out, so nothing of them can be trained on, not even unlabelled.
    """
    if session.data is None:
        raise ValueError("the step `pack` reads the labelled sets: give --data")
    paths = data.data_files(session.data)
    own = [*data.template_examples(), *data.own_examples()] if session.recipe.own_texts else []
    examples, lost = data.without_leaks([*data.read_examples(paths), *own])
    examples = [each for each in examples if each.split in ("train", "dev")]
    session.log(f"pack: {len(examples)} texts, {sum(lost.values())} copies of held-out ones out")
    folded = _folded(examples)
    session.pack.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer(examples, folded, session)
    rows, names = _rows(examples, folded, tokenizer, session.recipe)
    save_rows(rows, session.pack)
    notes = {
        "languages": LANGUAGES,
        "kinds": KINDS,
        "sets": [_set_notes(name, examples, lost) for name in names],
        "data_sha256": data.digest(paths),
        "recipe": asdict(session.recipe),
        "pieces": {
            code: int(rows.lengths[rows.language == place].sum())
            for place, code in enumerate(LANGUAGES)
        },
        "unknown_share": float((rows.ids == UNKNOWN).mean()),
    }
    # Last: whoever finds the notes may rely on the rest.
    move(session.pack / "notes.json", json.dumps(notes, indent=1, sort_keys=True).encode())
    sizes = {path.name: path.stat().st_size for path in sorted(session.pack.iterdir())}
    session.log(f"pack: {len(rows.ids)} pieces, bytes {sizes}, all {sum(sizes.values())}")
    return True


def _folded(examples: Sequence[Example]) -> list[str]:
    texts = [example.text for example in examples]
    batches = (fold_many(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH))
    return [text for batch in batches for text in batch]


def _tokenizer(examples: Sequence[Example], folded: Sequence[str], session: Session) -> Tokenizer:
    """The tokenizer in the pack, or one trained on a sample of the train texts and put there."""
    path = session.pack / "tokenizer.json"
    if path.is_file():
        return Tokenizer.from_file(str(path))
    sample = tokenizer_sample(examples, folded, session.recipe)
    session.log(f"pack: tokenizer on {len(sample)} texts")
    tokenizer = train_tokenizer(sample, session.recipe.vocabulary)
    move(path, tokenizer.to_str().encode())
    return tokenizer


def tokenizer_sample(
    examples: Sequence[Example], folded: Sequence[str], recipe: Recipe
) -> list[str]:
    """Train texts, cut short, in which small languages have more than their share."""
    rng = np.random.default_rng(recipe.seed)
    of_language: dict[str, list[str]] = {}
    for example, text in zip(examples, folded, strict=True):
        if example.split == "train":
            of_language.setdefault(example.language, []).append(text[:_SAMPLE_CUT])
    sizes = {code: sum(map(len, texts)) for code, texts in of_language.items()}
    shares = {code: size**recipe.language_power for code, size in sizes.items()}
    sample = []
    for code, texts in sorted(of_language.items()):
        wanted = recipe.sample_characters * shares[code] / sum(shares.values())
        for place in rng.permutation(len(texts)):
            sample.append(texts[place])
            wanted -= len(texts[place])
            if wanted < 0:
                break
    return sample


def _rows(
    examples: Sequence[Example], folded: Sequence[str], tokenizer: Tokenizer, recipe: Recipe
) -> tuple[Rows, list[str]]:
    """The texts as arrays, and the sets' names in the order of their numbers."""
    # Imported here: it needs scipy, which the other steps do without.
    from models.training.train import Recipe as LinearRecipe
    from models.training.train import row_weights

    pieces, lengths = [], []
    for start in range(0, len(folded), _BATCH):
        ids = encode(tokenizer, folded[start : start + _BATCH])
        lengths += [len(each) for each in ids]
        pieces.append(np.array([piece for each in ids for piece in each], np.uint16))
    names = sorted({_name(example) for example in examples})
    targets = [data.ordinal_target(example, recipe.softness) for example in examples]

    def numbers(values: Sequence[int]) -> NDArray[np.uint8]:
        return np.array(values, np.uint8)

    rows = Rows(
        ids=np.concatenate(pieces),
        starts=np.concatenate(([0], np.cumsum(lengths))),
        split=numbers([TRAIN if each.split == "train" else DEV for each in examples]),
        dataset=numbers([names.index(_name(each)) for each in examples]),
        language=numbers([_place(LANGUAGES, each.language) for each in examples]),
        kind=numbers([_place(KINDS, each.kind) for each in examples]),
        label=numbers([LABELS.index(each.label) for each in examples]),
        stars=numbers([stars(each) for each in examples]),
        target=np.array(targets, np.float16),
        weight=row_weights(examples, LinearRecipe()).astype(np.float16),
    )
    return rows, names


def stars(example: Example) -> int:
    """1-5 where the set has stars (0 counts as 1), else 0."""
    if example.rating is None or example.dataset not in data.STAR_SETS:
        return 0
    return min(5, max(1, round(float(example.rating))))


def _name(example: Example) -> str:
    return f"{example.language}/{example.dataset}"


def _place(known: Sequence[str], name: str | None) -> int:
    return known.index(name) if name in known else 0


def _set_notes(name: str, examples: Sequence[Example], lost: dict[str, int]) -> dict[str, object]:
    """What training has to know of one set, and what the model card says of it."""
    own = [each for each in examples if _name(each) == name]
    dataset = own[0].dataset
    return {
        "name": name,
        "train": sum(each.split == "train" for each in own),
        "dev": sum(each.split == "dev" for each in own),
        "dropped_as_held_out_copies": lost.get(dataset, 0),
        "without_neutral": all(each.label != "neutral" for each in own),
        "answers": dataset in data.COMMENT_SETS,
    }
