"""Texts in, aspects out: what each text is about and whether it says good or bad of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from models.aspects.clauses import split
from models.aspects.lexicon import LANGUAGES, Lexicon, words
from models.aspects.polarity import Polarity, features, sayings
from models.aspects.stages import SPEED_BELONGS_TO, STAGES
from models.aspects.statements import Statement, statements
from models.sentiment import LABELS, Sentiment
from models.text import fold_many

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BATCH = 512  # texts read together; bounds the memory, large enough for the sentiment model
INHERITED = 0.8  # how far an aspect is believed that a clause takes over from the one before
SAYS_SOMETHING = 0.55  # how sure of good or bad a clause must be to take over an aspect
LONGEST_CLAUSE = 400  # characters of a clause that are kept as evidence


@dataclass(frozen=True, slots=True)
class Aspect:
    """What one text says of one aspect; `confidence` (0..1) is the probability of `label`.

    `stage` is the part of the customer's journey, None for an aspect of the company's own.
    `clause` is the evidence, as in the text. The three probabilities sum to 1; an aspect that a
    clause took over from the clause before has a confidence below its label's probability.
    """

    aspect: str
    stage: str | None
    label: str
    confidence: float
    clause: str
    negative: float
    neutral: float
    positive: float


@dataclass(slots=True)
class _Mention:
    """One aspect in one statement of text `row`, not yet judged."""

    row: int
    aspect: str
    statement: Statement
    said: tuple[float, ...]
    inherited: bool


class AspectReader:
    """Reads aspects in Russian, Czech, Persian and English; a text in another language has none.

    `extra` adds terms (see `models.aspects.lexicon`) to an aspect or makes a new one of a
    company's own; they count in every language. Raises ValueError for a term that cannot be read.
    """

    def __init__(
        self, sentiment: Sentiment, extra: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self.sentiment = sentiment
        self.extra = {aspect: tuple(terms) for aspect, terms in (extra or {}).items()}
        Lexicon.open("", self.extra)  # a wrong term is told at once, not at the first text
        self._lexicons: dict[str, Lexicon] = {}
        self._polarity = Polarity.open()

    @property
    def revision(self) -> str:
        """Changes with the lexicons, the configured terms, the layer and the sentiment model."""
        total = hashlib.sha256(repr(sorted(self.extra.items())).encode())
        for language in LANGUAGES:
            file = resources.files("models.aspects") / "lexicons" / f"{language}.txt"
            total.update(file.read_bytes())
        return f"aspects-{total.hexdigest()[:8]}-{self._polarity.digest}/{self.sentiment.revision}"

    def read(
        self,
        texts: Sequence[str],
        languages: Sequence[str],
        kinds: Sequence[str] | None = None,
    ) -> list[list[Aspect]]:
        """The aspects of each text, in order of first mention, each aspect once.

        Where several clauses speak of one aspect the surest that is not neutral speaks for it.
        """
        given = kinds if kinds is not None else [""] * len(texts)
        if len(languages) != len(texts) or len(given) != len(texts):
            raise ValueError("languages and kinds must be as many as the texts")
        result: list[list[Aspect]] = []
        for start in range(0, len(texts), BATCH):
            part = slice(start, start + BATCH)
            result += self._read(texts[part], languages[part], given[part])
        return result

    def _read(
        self, texts: Sequence[str], languages: Sequence[str], kinds: Sequence[str]
    ) -> list[list[Aspect]]:
        found = self.statements(texts, languages)
        mentions = [
            mention
            for row, text_statements in enumerate(found)
            for mention in _mentions(row, text_statements, len(texts[row]))
        ]
        result: list[list[Aspect]] = [[] for _ in texts]
        if not mentions:
            return result
        judged = self._judge(mentions, texts, languages, kinds)
        for row, aspects in _strongest(mentions, judged, texts):
            result[row] = aspects
        return result

    def statements(self, texts: Sequence[str], languages: Sequence[str]) -> list[list[Statement]]:
        """The statements of each text; none for a language that is not read."""
        clauses = [
            split(text, language) if language in LANGUAGES else []
            for text, language in zip(texts, languages, strict=True)
        ]
        folded = iter(fold_many([clause.text for own in clauses for clause in own]))
        found: list[list[Statement]] = []
        for text, own, language in zip(texts, clauses, languages, strict=True):
            if not own:
                found.append([])
                continue
            lexicon = self._lexicon(language)
            own_words = [words(next(folded)) for _ in own]
            hits = [lexicon.find(clause_words) for clause_words in own_words]
            named = any(hit.aspect[0] != "(" for own_hits in hits for hit in own_hits)
            found.append(statements(text, own, own_words, hits, language) if named else [])
        return found

    def _lexicon(self, language: str) -> Lexicon:
        if language not in self._lexicons:
            self._lexicons[language] = Lexicon.open(language, self.extra)
        return self._lexicons[language]

    def _judge(
        self,
        mentions: Sequence[_Mention],
        texts: Sequence[str],
        languages: Sequence[str],
        kinds: Sequence[str],
    ) -> NDArray[np.float32]:
        """Probabilities (n, 3) of the mentions; each distinct statement is scored once."""
        import numpy as np

        spans = {(m.row, m.statement.start, m.statement.end): 0 for m in mentions}
        spans |= {(m.row, 0, len(texts[m.row])): 0 for m in mentions}
        places = {span: place for place, span in enumerate(spans)}
        scores = self.sentiment.score(
            [texts[row][start:end] for row, start, end in spans],
            [languages[row] for row, _, _ in spans],
            [kinds[row] for row, _, _ in spans],
        )
        inputs = features(
            scores[[places[m.row, m.statement.start, m.statement.end] for m in mentions]],
            scores[[places[m.row, 0, len(texts[m.row])] for m in mentions]],
            np.array([m.said for m in mentions], np.float32),
        )
        return self._polarity.probabilities(inputs)


def _mentions(row: int, found: Sequence[Statement], length: int) -> Iterable[_Mention]:
    """Every aspect of every statement; one without takes over those of the one before."""
    before: tuple[str, ...] = ()
    for statement in found:
        aspects = tuple(statement.polarities)
        # "The delivery? It was two days late": the second speaks of the delivery's speed.
        late = aspects == ("speed",) and not SPEED_BELONGS_TO.isdisjoint(before)
        inherited = statement.carries_on and (not aspects or late)
        if inherited:
            aspects = before
        for aspect in aspects:
            said = sayings(statement, "speed" if late else aspect, length)
            yield _Mention(row, aspect, statement, said, inherited)
        before = aspects


def _strongest(
    mentions: Sequence[_Mention], judged: NDArray[np.float32], texts: Sequence[str]
) -> Iterable[tuple[int, list[Aspect]]]:
    """(row, its aspects): of each aspect the surest mention, a neutral one only if alone."""
    best: dict[int, dict[str, tuple[bool, float, Aspect]]] = {}
    for mention, probabilities in zip(mentions, judged.tolist(), strict=True):
        label = LABELS[probabilities.index(max(probabilities))]
        confidence = max(probabilities)
        if mention.inherited:
            if label == "neutral" or confidence < SAYS_SOMETHING:
                continue
            confidence *= INHERITED
        statement = mention.statement
        clause = texts[mention.row][statement.start : statement.end][:LONGEST_CLAUSE]
        aspect = Aspect(
            mention.aspect, STAGES.get(mention.aspect), label, confidence, clause, *probabilities
        )
        bare = statement.bare and not statement.heading  # its sentiment is only the aspect's name
        rank = (label != "neutral" and not bare, confidence, aspect)
        own = best.setdefault(mention.row, {})
        if mention.aspect not in own or rank[:2] > own[mention.aspect][:2]:
            own[mention.aspect] = rank
    for row, chosen in best.items():
        yield row, [aspect for _, _, aspect in chosen.values()]
