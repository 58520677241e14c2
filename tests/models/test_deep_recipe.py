"""The deep tier's recipe walked through on a CPU: killed, resumed, judged, written out."""

import gzip
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
import torch

from models.deep.scorer import DeepSentiment
from models.deep.tokenizer import MASK, SPECIAL, word_starts
from models.sentiment import LABELS
from models.text import fold
from models.training.deep.__main__ import main
from models.training.deep.corrupt import corrupt
from models.training.deep.finish import calibrate
from models.training.deep.loop import SPARE, Batch
from models.training.deep.pack import stars
from models.training.deep.parts import load_checkpoint, read_parts, write_parts
from models.training.deep.pretrain import hide, pretrain, repeats
from models.training.deep.recipe import TINY, Session
from models.training.deep.rows import DEV, TRAIN, epoch_batches, load_pack, misspelt
from models.training.deep.tune import star_targets, tune

WORDS = {
    "ru": (["отличный", "хороший"], ["ужасный", "плохой"], ["банк", "телефон", "магазин"]),
    "cs": (["výborný", "dobrý"], ["hrozný", "špatný"], ["obchod", "telefon", "hotel"]),
    "fa": (["عالی", "خوب"], ["افتضاح", "بد"], ["گوشی", "هتل", "فروشگاه"]),
    "en": (["great", "good"], ["awful", "bad"], ["phone", "hotel", "shop"]),
}
SETS = {"ru": "vk", "cs": "thumbs", "fa": "goods", "en": "tripadvisor_hotels"}
STARS_OF = {"negative": "1", "neutral": "3", "positive": "5"}


def rows_of(language: str) -> Iterator[dict[str, object]]:
    """A hundred short texts; the Czech ones have no neutral, the English ones have stars."""
    rng = random.Random(language)
    good, bad, things = WORDS[language]
    for number in range(100):
        label = ("negative", "positive", "neutral")[number % (2 if language == "cs" else 3)]
        tone = {"negative": bad, "positive": good, "neutral": ["13"]}[label]
        words = [rng.choice(things), rng.choice(tone), str(rng.randrange(40)), rng.choice(things)]
        yield {
            "text": " ".join(words) + rng.choice([".", "!!!", " 😡", ""]),
            "label": label,
            "rating": STARS_OF[label] if language == "en" else None,
            "domain": "social" if language == "ru" else "goods",
            "split": "dev" if number % 5 == 0 else "test" if number % 9 == 0 else "train",
        }


def write_sets(root: Path) -> Path:
    for language, name in SETS.items():
        (root / language).mkdir(parents=True)
        path = root / language / f"{name}.jsonl.gz"
        with gzip.open(path, "wt", encoding="utf-8") as lines:
            for row in rows_of(language):
                lines.write(json.dumps(row, ensure_ascii=False) + "\n")
    return root


@dataclass
class Run:
    """One walk through the recipe, shared by the tests below."""

    data: Path
    work: Path
    out: Path
    killed_after: list[str] = field(default_factory=list)

    def call(self, *more: str) -> int:
        return main(
            [
                "--tiny",
                "--threads",
                "1",
                "--device",
                "cpu",
                "--data",
                str(self.data),
                "--work",
                str(self.work),
                "--out",
                str(self.out),
                *more,
            ]
        )


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Killed with SIGKILL as soon as the pack was done, then resumed to the end."""
    root = tmp_path_factory.mktemp("deep")
    made = Run(write_sets(root / "data"), root / "work", root / "out")
    command = [
        sys.executable,
        "-m",
        "models.training.deep",
        "--tiny",
        "--threads",
        "1",
        "--device",
        "cpu",
        "--data",
        str(made.data),
        "--work",
        str(made.work),
        "--out",
        str(made.out),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            made.killed_after.append(line.strip())
            if line.startswith("pack: done"):
                process.kill()
                break
    assert made.call("--until", "tune") == 0
    return made


@pytest.fixture(scope="module")
def finished(run: Run) -> Run:
    assert run.call() == 0
    return run


def test_a_killed_call_is_gone_on_with_and_what_was_done_is_not_done_again(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.killed_after[-1] == "pack: done"
    state = json.loads((run.work / "state.json").read_text())
    assert state["done"][:3] == ["pack", "pretrain", "tune"]
    assert state["progress"]["tune"]["epoch"] == TINY.tune.epochs
    assert run.call("--until", "tune") == 0
    assert "pretrain" not in capsys.readouterr().out


def test_the_pack_holds_train_and_dev_texts_only_and_reads_back_as_written(run: Run) -> None:
    pack = load_pack(run.work / "pack")
    train, dev = pack.of(TRAIN), pack.of(DEV)
    rows = [(code, row) for code in SETS for row in rows_of(code)]
    texts = {
        split: [fold(str(r["text"])) for _, r in rows if r["split"] == split]
        for split in ("train", "dev", "test")
    }
    packed = pack.tokenizer.decode_batch(dev.texts(range(len(dev))))
    assert sorted(packed) == sorted(texts["dev"])
    kept = set(pack.tokenizer.decode_batch(train.texts(range(len(train)))))
    assert kept <= set(texts["train"]) and not kept & set(texts["test"])
    notes = {each["name"]: each for each in pack.notes["sets"]}
    assert notes["cs/thumbs"]["without_neutral"] and not notes["ru/vk"]["without_neutral"]
    english = train.take(np.flatnonzero(train.stars > 0))
    assert {pack.notes["languages"][code] for code in english.language} == {"en"}
    assert set(zip(english.label.tolist(), english.stars.tolist(), strict=True)) == {
        (0, 1),
        (1, 3),
        (2, 5),
    }


def test_emoji_and_marks_are_known_pieces(run: Run) -> None:
    tokenizer = load_pack(run.work / "pack").tokenizer
    for text in ("hotel 😡", "HOTEL", "hoteeeel", "@someone", "https://example.org", "👍", "!!!!"):
        pieces = tokenizer.encode(fold(text)).tokens
        assert SPECIAL[1] not in pieces, (text, pieces)


@dataclass(frozen=True)
class ShortCall(Session):
    """A call whose time is over after a given number of steps."""

    steps: list[int] = field(default_factory=list)

    def left(self) -> float:
        return 1e9 if self.steps and self.steps.pop() else SPARE - 1


def pretraining(run: Run, work: Path, kind: type[Session] = Session, **more: object) -> Session:
    work.mkdir(exist_ok=True)
    return kind(
        TINY,
        "tiny",
        None,
        work,
        run.work / "pack",
        work,
        "cpu",
        float("inf"),
        log=lambda _: None,
        **more,  # type: ignore[arg-type]
    )


def test_stopped_and_resumed_training_ends_with_the_same_weights(run: Run, tmp_path: Path) -> None:
    pack = load_pack(run.work / "pack")
    whole = pretraining(run, tmp_path / "whole")
    assert pretrain(whole, pack)[0]
    short = pretraining(run, tmp_path / "short", ShortCall, steps=[1] * 2)
    done, progress = pretrain(short, pack)
    assert not done and progress.steps == 2
    assert pretrain(pretraining(run, tmp_path / "short"), pack)[0]
    one, two = (
        load_checkpoint(tmp_path / name / "pretrain.pt", "cpu") for name in ("whole", "short")
    )
    assert one is not None and two is not None and one["progress"]["steps"] > 2
    assert all(torch.equal(one["model"][name], two["model"][name]) for name in one["model"])


def test_parts_of_one_machine_are_gone_on_with_on_another(run: Run, tmp_path: Path) -> None:
    there = Run(run.data, tmp_path / "there", tmp_path / "back")
    pack = ["--pack", str(run.work / "pack")]
    assert there.call(*pack, "--until", "pretrain") == 0
    here = Run(run.data, tmp_path / "here", tmp_path / "again")
    assert here.call(*pack, "--until", "tune", "--parts", str(there.out)) == 0
    state = json.loads((here.work / "state.json").read_text())
    before = json.loads((there.work / "state.json").read_text())
    assert state["done"] == ["pack", "pretrain", "tune"]
    # One call on the lent machine may go as far as it can; here the rest is done from its parts.
    assert there.call(*pack, "--until", "calibrate") == 0
    home = Run(run.data, tmp_path / "home", tmp_path / "shipped")
    assert home.call(*pack, "--parts", str(there.out)) == 0
    assert (home.out / "weights" / "model.safetensors").is_file()
    assert state["progress"]["pretrain"] == before["progress"]["pretrain"]


def test_large_weights_come_back_in_parts_and_a_damaged_part_is_refused(tmp_path: Path) -> None:
    weights = {"words": torch.randn(9_000, 1_000)}
    files = write_parts({"done": []}, weights, tmp_path)
    assert len(files) == 3 and all(path.stat().st_size < 16 * 2**20 for path in files)
    _, read = read_parts(tmp_path)
    assert torch.allclose(read["words"], weights["words"], atol=2e-3)
    files[0].write_bytes(files[0].read_bytes()[:-1] + b"x")
    with pytest.raises(ValueError, match="fetch them again"):
        read_parts(tmp_path)


def test_the_report_compares_every_dev_set_and_gives_a_verdict(finished: Run) -> None:
    report = json.loads((finished.out / "weights" / "report.json").read_text())
    assert set(report["sets"]) == {f"{code}/{name}" for code, name in SETS.items()}
    better = all(each["deep"] > each["fast"] for each in report["languages"].values())
    assert report["beats_ngrams_in_every_language"] == better
    config = json.loads((finished.out / "weights" / "config.json").read_text())
    assert config["cascade_threshold"] == report["cascade"]["threshold"]
    assert len(config["temperature"]) == len(config["languages"]) * len(config["kinds"])


def test_evaluation_waits_for_a_machine_that_has_the_texts(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    work = str(tmp_path / "work")
    arguments = ["--tiny", "--work", work, "--out", work, "--pack", str(run.work / "pack")]
    assert main([*arguments, "--device", "cpu"]) == 3
    assert "needs --data" in capsys.readouterr().out


def test_hidden_words_are_hidden_whole_and_special_pieces_never(run: Run) -> None:
    pack = load_pack(run.work / "pack")
    dev = pack.of(DEV)
    ids = torch.zeros(len(dev), int(dev.lengths.max()), dtype=torch.long)
    for place, row in enumerate(dev.texts(range(len(dev)))):
        ids[place, : len(row)] = torch.tensor(row)
    starts = torch.tensor(word_starts(pack.tokenizer))
    batch = Batch(ids, ids > 0, torch.arange(len(ids)), int((ids > 0).sum()))
    shown, at = hide(batch, starts, 60, pack.tokenizer.get_vocab_size())
    assert (shown == MASK).sum() > 30
    assert len(set(at.tolist())) == 60
    special = ids < len(SPECIAL)
    assert torch.equal(shown[special], ids[special])
    # In a text with a hidden piece, the other pieces of its word are among the guessed ones.
    guessed = torch.zeros_like(ids).reshape(-1).scatter(0, at, 1).view_as(ids).bool()
    word = starts[ids].cumsum(dim=1) * ~special
    broken = sum(
        len(set(guessed[row][word[row] == number].tolist())) > 1
        for row in range(len(ids))
        for number in set(word[row].tolist()) - {0}
    )
    assert broken <= 1  # the count is exact, so the last word may be cut


def test_small_languages_are_read_more_often_in_pretraining(run: Run) -> None:
    rows = load_pack(run.work / "pack").of(TRAIN)
    few = rows.take(np.flatnonzero((rows.language != 4) | (np.arange(len(rows)) % 8 == 0)))
    times = repeats(few, 0.5, np.random.default_rng(1))
    assert times[few.language == 4].mean() > 1.8
    assert times.min() >= 1


def test_an_epoch_reads_every_text_once_in_batches_within_bounds(run: Run) -> None:
    lengths = load_pack(run.work / "pack").rows.lengths
    batches = list(epoch_batches(lengths, 256, np.random.default_rng(2)))
    assert sorted(np.concatenate(batches).tolist()) == list(range(len(lengths)))
    assert all(-(-lengths[each].max() // 8) * 8 * len(each) <= 256 for each in batches)


def test_misspelt_texts_differ_the_same_way_each_time_and_keep_their_facts(run: Run) -> None:
    pack = load_pack(run.work / "pack")
    one, two = (
        misspelt(pack.rows, pack.tokenizer, pack.notes["languages"], 0.5, 3) for _ in range(2)
    )
    assert np.array_equal(one.ids, two.ids)
    changed = [
        a != b
        for a, b in zip(one.texts(range(len(one))), pack.rows.texts(range(len(one))), strict=True)
    ]
    assert 0.2 < np.mean(changed) < 0.6
    assert np.array_equal(one.label, pack.rows.label)


def test_czech_loses_its_accents_and_persian_its_spaces() -> None:
    rng = random.Random(4)
    czech = {corrupt("velmi dobrý a hezký telefon", "cs", rng) for _ in range(60)}
    assert "velmi dobry a hezky telefon" in czech
    persian = {corrupt("این گوشی خیلی خوب بود و من می خواهم", "fa", rng) for _ in range(60)}
    assert any(text.count(" ") < 8 for text in persian)
    assert all(corrupt(text, "en", rng) is not None for text in ("", "a", "!!!", "ab cd"))


def test_four_stars_for_five_cost_less_than_one_star() -> None:
    wanted = star_targets(torch.tensor([5, 3]))
    assert wanted.argmax(dim=1).tolist() == [4, 2]
    assert wanted[0, 3] > 5 * wanted[0, 0]
    assert torch.allclose(wanted.sum(dim=1), torch.ones(2))


def test_stars_are_read_only_where_a_set_has_them(tmp_path: Path) -> None:
    from models.training.data import data_files, read_examples

    examples = read_examples(data_files(write_sets(tmp_path / "data")))
    assert {stars(each) for each in examples if each.language == "en"} == {1, 3, 5}
    assert {stars(each) for each in examples if each.language != "en"} == {0}


def test_what_plain_words_say_is_learnt_in_every_language(run: Run, tmp_path: Path) -> None:
    from models.training.evaluate import figures

    tuning = replace(TINY.tune, epochs=24, learning_rate=5e-3)
    recipe = replace(TINY, tune=tuning, agreement=0.0)
    session = replace(pretraining(run, tmp_path), recipe=recipe)
    pack = load_pack(session.pack)
    shutil.copyfile(run.work / "pretrain.pt", tmp_path / "pretrain.pt")
    assert tune(session, pack)[0] and calibrate(session, pack)
    scorer = DeepSentiment.open(tmp_path / "candidate")
    for code in SETS:
        rows = [row for row in rows_of(code) if row["split"] != "train"]
        kinds = ["post" if code == "ru" else "review"] * len(rows)
        scored = scorer.score([str(row["text"]) for row in rows], [code] * len(rows), kinds)
        truth = np.array([LABELS.index(str(row["label"])) for row in rows])
        assert figures(scored.astype(np.float64), truth).accuracy > 0.8, code


def test_another_process_misspells_as_this_one_does(run: Run) -> None:
    pack = load_pack(run.work / "pack")
    told = (pack.rows, pack.tokenizer, pack.notes["languages"], 0.5, 3)
    with get_context("spawn").Pool(1) as pool:
        there = pool.apply_async(misspelt, told).get(timeout=60)
    assert np.array_equal(there.ids, misspelt(*told).ids)
