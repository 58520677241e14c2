"""How often the language of a text is told rightly, and how fast, beside py3langid on its own.

The texts are our own: those the model is trained on in the four languages (short, colloquial,
partly without accents or joiners) and sentences in five neighbours. `hinted` is what happens in the
application, where the source says which language is usual there: the neighbours come with the hint
of the language they are mistaken for.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from models.language import identify
from models.training.data import own_examples

NEIGHBOUR_OF = {"uk": "ru", "bg": "ru", "sk": "cs", "ar": "fa", "ur": "fa"}


def texts() -> dict[str, list[str]]:
    """Language -> texts with at least three words."""
    found: dict[str, list[str]] = {}
    for example in own_examples():
        found.setdefault(example.language, []).append(example.text)
    lines = (Path(__file__).parent / "language_neighbours.tsv").read_text("utf-8").splitlines()
    for line in lines:
        code, text = line.split("\t")
        found.setdefault(code, []).append(text)
    return {code: [t for t in own if len(t.split()) >= 3] for code, own in found.items()}


def of_everything() -> Callable[[Sequence[str]], list[str]]:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return lambda lines: [identifier.classify(line)[0] for line in lines]


def main() -> None:
    everything = of_everything()
    identify(["warm up", "прогрев", "گرم شدن"])
    print(f"{'':4}{'n':>7}{'ours':>9}{'hinted':>9}{'py3langid, 130 languages':>27}   percent right")
    spent = {"ours": 0.0, "peer": 0.0}
    total = right = 0
    for code, lines in texts().items():
        started = time.perf_counter()
        alone = [each.code for each in identify(lines)]
        middle = time.perf_counter()
        peer = everything(lines)
        spent["ours"] += middle - started
        spent["peer"] += time.perf_counter() - middle
        hint = NEIGHBOUR_OF.get(code, code)
        hinted = [each.code for each in identify(lines, [hint] * len(lines))]
        shares = [100 * sum(c == code for c in got) / len(lines) for got in (alone, hinted, peer)]
        print(f"{code:4}{len(lines):7}{shares[0]:9.1f}{shares[1]:9.1f}{shares[2]:27.1f}")
        total, right = total + len(lines), right + sum(c == code for c in alone)
    print(f"ours: {total / spent['ours']:.0f} texts/s, py3langid: {total / spent['peer']:.0f}")
    print(f"ratio: {spent['peer'] / spent['ours']:.2f} times the speed of py3langid on its own")


if __name__ == "__main__":
    main()
