"""Word pieces of folded text: building the tokenizer, and texts to ids as the network reads them.

The scorer and the training recipe fold a text with `models.text.fold` first; the tokenizer's own
normaliser repeats only what it can (case, Arabic letters, joiners), so that a program that knows
nothing but transformers still gets nearly the same ids.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from models.text import CAPS, STRETCH, URL, USER

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PAD, UNKNOWN, START, END, MASK = range(5)
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
SPACE = "▁"  # what a piece at the start of a word begins with
MAX_TOKENS = 192
# A long review says what it is about at its start and what it comes to at its end.
TAIL_TOKENS = 64

RARE = 12  # characters seen less often in the sample are unknown: one piece fewer for each
_MARKS = (URL, USER, CAPS, STRETCH)
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character: no tokenizer takes it
_EMOJI = re.compile("[\u2190-\u2bff\U0001f000-\U0001faff]")
# Emoji that people end a review with; kept even where the sample is too small to hold them.
_COMMON_EMOJI = (
    "😀😁😂🤣😃😄😅😆😉😊😋😎😍😘🥰🙂🤗🤩🤔😐😑🙄😏😣😥😮😪😫😴"
    "😒😓😔😕🙃🤑😲🙁😖😞😟😤😢😭😨😩🤯😬😰😱😡😠🤬😷🤒🤢🤮🤡💩"
    "👍👎👌👏🙏💪❤♥💔💕💖💙💚💛🔥⭐🌟✨✅❌❗⚠🌹🌸💐☺☹✌"
)
_SAME_LETTER = {"ي": "ی", "ى": "ی", "ك": "ک", "ё": "е", "\u200c": " ", "ـ": ""}


def train_tokenizer(folded: Iterable[str], vocabulary: int) -> Tokenizer:
    """A Unigram tokenizer of at most `vocabulary` pieces, trained on folded texts.

    Every mark of `models.text`, every emoji of the sample and every character seen RARE times is
    a piece of its own, so none of them is ever unknown.
    """
    from tokenizers import AddedToken, Tokenizer
    from tokenizers.models import Unigram
    from tokenizers.trainers import UnigramTrainer

    texts = list(folded)
    alphabet = _alphabet(texts)
    tokenizer = Tokenizer(Unigram())
    _dress(tokenizer)
    trainer = UnigramTrainer(
        vocab_size=vocabulary,
        show_progress=False,
        special_tokens=[AddedToken(name, special=True) for name in SPECIAL],
        initial_alphabet=sorted(alphabet),
        unk_token=SPECIAL[UNKNOWN],
        max_piece_length=16,
    )
    dropped = {ord(mark): " " for mark in set().union(*texts) - alphabet} if texts else {}
    tokenizer.train_from_iterator((text.translate(dropped) for text in texts), trainer)
    return tokenizer


def _alphabet(texts: Sequence[str]) -> set[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(text)
    enough = RARE if len(texts) > 1000 else 1
    kept = {mark for mark, times in counts.items() if times >= enough or _EMOJI.match(mark)}
    return kept | set(_MARKS) | set(_COMMON_EMOJI)


def _dress(tokenizer: Tokenizer) -> None:
    """Sets what surrounds the model: normaliser, splitting into words, the frame [CLS] .. [SEP]."""
    from tokenizers import Regex, decoders, normalizers, pre_tokenizers, processors

    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Lowercase(),
            *(normalizers.Replace(old, new) for old, new in _SAME_LETTER.items()),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Metaspace(SPACE, "always"),
            # A mark stands behind its word; as a piece of its own it means the same everywhere.
            pre_tokenizers.Split(Regex(f"{SPACE}?[{''.join(_MARKS)}]"), "isolated"),
        ]
    )
    tokenizer.decoder = decoders.Metaspace(SPACE, "always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{SPECIAL[START]} $A {SPECIAL[END]}",
        special_tokens=[(SPECIAL[START], START), (SPECIAL[END], END)],
    )


def encode(tokenizer: Tokenizer, folded: Sequence[str], limit: int = MAX_TOKENS) -> list[list[int]]:
    """Ids of each folded text, [CLS] .. [SEP] included, at most `limit` of them.

    What is cut from a long text is its middle.
    """
    room = limit - 2
    tail = min(TAIL_TOKENS, room // 3)
    valid = [_SURROGATE.sub(" ", text) for text in folded]
    found = tokenizer.encode_batch_fast(valid, add_special_tokens=False)
    result = []
    for each in found:
        ids = each.ids
        if len(ids) > room:
            ids = ids[: room - tail] + ids[-tail:]
        result.append([START, *ids, END])
    return result


def word_starts(tokenizer: Tokenizer) -> list[bool]:
    """For each id, whether it begins a word or is a special token; for hiding whole words."""
    pieces = [tokenizer.id_to_token(place) or "" for place in range(tokenizer.get_vocab_size())]
    return [place < len(SPECIAL) or piece.startswith(SPACE) for place, piece in enumerate(pieces)]
