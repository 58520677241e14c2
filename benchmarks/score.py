"""Texts a second and memory: our embedded model, XLM-R base, the same in 8 bits, and VADER.

All read the same texts of the demo on the same two cores, one after the other, each in a process
of its own. XLM-R has random weights of the true shape (nothing can be fetched, and speed does not
depend on what the weights know) and gets ready-made token ids, one for every four characters, so
its tokenizer costs it nothing. Ours reads raw text. Needs nothing but the packages of the lock.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from importlib import resources

CORES = 2
SHORT_LIST = 96  # what the slow ones are measured on; all lists have the same lengths
REPEATS = 25  # of the whole list, for the fast ones
BATCH = 32
TEXT_CHARACTERS = 256  # about 64 tokens, the length at which XLM-R is usually timed


def texts() -> list[tuple[str, str]]:
    """(language, text): sentences of the demo, joined until they have the length wanted."""
    found = []
    for language in ("ru", "cs", "fa", "en"):
        file = resources.files("monitor.demo") / "texts" / f"{language}.jsonl"
        parts = [json.loads(line)["text"] for line in file.read_text("utf-8").splitlines()]
        joined = ""
        for part in parts * 3:
            joined = f"{joined} {part}".strip()
            if len(joined) >= TEXT_CHARACTERS:
                found.append((language, joined[:TEXT_CHARACTERS]))
                joined = ""
    return found


def ours(everything: list[tuple[str, str]]) -> tuple[int, float]:
    from models.sentiment import open_sentiment

    scorer = open_sentiment()
    languages, lines = [code for code, _ in everything], [text for _, text in everything]
    kinds = ["review"] * len(lines)
    scorer.score(lines[:BATCH], languages[:BATCH], kinds[:BATCH])
    started = time.perf_counter()
    for _ in range(REPEATS):
        scorer.score(lines, languages, kinds)
    return REPEATS * len(lines), time.perf_counter() - started


def vader(everything: list[tuple[str, str]]) -> tuple[int, float]:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyser = SentimentIntensityAnalyzer()
    started = time.perf_counter()
    for _, text in everything:
        analyser.polarity_scores(text)
    return len(everything), time.perf_counter() - started


def xlm_r(everything: list[tuple[str, str]], int8: bool = False) -> tuple[int, float]:
    import warnings

    import torch
    from transformers import XLMRobertaConfig, XLMRobertaForSequenceClassification

    torch.set_num_threads(CORES)
    shape = XLMRobertaConfig(
        vocab_size=250_002, max_position_embeddings=514, num_labels=3, type_vocab_size=1
    )
    model = XLMRobertaForSequenceClassification(shape).eval()
    if int8:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch announces that this will move elsewhere
            model = torch.ao.quantization.quantize_dynamic(model, {torch.nn.Linear}, torch.qint8)
    lengths = sorted(max(8, len(text) // 4) for _, text in everything[:: len(everything) // 96])
    batches = [lengths[start : start + BATCH] for start in range(0, SHORT_LIST, BATCH)]
    ids = [torch.randint(5, 250_000, (len(each), max(each))) for each in batches]
    with torch.inference_mode():
        model(ids[0][:4])
        started = time.perf_counter()
        for each in ids:
            model(each)
    return sum(map(len, batches)), time.perf_counter() - started


def xlm_r_int8(everything: list[tuple[str, str]]) -> tuple[int, float]:
    return xlm_r(everything, int8=True)


SCORERS = {"ours": ours, "XLM-R base": xlm_r, "XLM-R base, 8 bits": xlm_r_int8, "VADER": vader}


def measured(name: str) -> tuple[float, float]:
    """Texts a second and peak megabytes of one scorer, in a process of its own."""
    command = [sys.executable, __file__, name]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    count, seconds, megabytes = json.loads(done.stdout.splitlines()[-1])
    return count / seconds, megabytes


def main() -> None:
    print(f"{'':20} texts/s   peak MB   ({TEXT_CHARACTERS} characters a text, {CORES} cores)")
    speeds = {}
    for name in SCORERS:
        speeds[name], megabytes = measured(name)
        print(f"{name:20} {speeds[name]:7.0f} {megabytes:9.0f}", flush=True)
    print(f"ours / VADER (English alone, one core): {speeds['ours'] / speeds['VADER']:.2f}")
    print(f"ours / XLM-R base in 8 bits: {speeds['ours'] / speeds['XLM-R base, 8 bits']:.0f}")
    print(f"ratio: {speeds['ours'] / speeds['XLM-R base']:.0f}")


if __name__ == "__main__":
    if sys.argv[1:]:
        result = SCORERS[sys.argv[1]](texts())
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps([*result, peak]))
    else:
        main()
