"""Suggestion of the category and the OPD of a report: word counts, learned from the public reports that admins decided.

A multinomial naive Bayes classifier in two steps: first the main category, then the category below it. It starts with
the words of the category tree, so that it gives results from the first day, and its counts are integers: forgetting a
report leaves exactly the state as if it had never been learned (docs/suggestion.md). Pure and deterministic.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import exp, log

from kawal.domain.checks import Suggestion

TREE_WEIGHT = 1
"""The weight of a word of the category tree, in words of decided reports."""

SMOOTHING = 0.5
"""Added to every count, so that an unseen word does not exclude a category."""

PRIOR = 1.0
"""Added to the number of decided reports of each category."""

LOOKED_INTO = 3
"""The maximum number of main categories whose categories below are considered."""

LEAST_SHARE = 0.01
"""Smaller shares are not suggested."""

SURE_BY = 0.2
"""A first suggestion is sure if it is by this share more probable than the second [P]: of the shipped year's reports
three in ten are unsure, and of the rest three in four get the right OPD (docs/suggestion.md)."""

DIRECTORY_WEIGHT = 1
"""The weight of the directory's entry (this category is that OPD's), in decided reports."""

STOPWORDS = frozenset(
    """
    ada adalah agar akan akibat aku anda antara apa apakah atas atau bagi bagaimana bahwa baik bapak banyak baru
    beberapa belum benar berada bila bisa boleh buat bukan dalam dan dapat dari dengan di dia dikarenakan dll
    dong dua gak hal hanya hari harus hingga ibu ini itu jadi jangan jika juga kalau kami kapan karena kasih ke
    kemudian kenapa kepada ketika kita kok lagi lah lain lainnya lebih mana masih masyarakat mau melalui memang
    mengapa mereka mohon nah namun nya oleh orang pada padahal pak paling para pernah pun saat saja salah sama
    sampai sangat satu saya sebagai sebelum secara sedang sehingga sejak sekali selalu selama semua seperti
    sering serta setelah setiap siapa suatu sudah supaya tapi telah tentang terhadap terima terkait tersebut
    tetapi tidak tolong untuk warga yaitu yang yg utk dgn tdk sdh
    """.split()  # noqa: SIM905 - a block of words is read more easily than a list
)
_WORD = re.compile(r"[a-z]{3,}")
_PREFIXES = (
    "meng",
    "meny",
    "mem",
    "men",
    "peng",
    "peny",
    "pem",
    "pen",
    "ber",
    "ter",
    "per",
    "me",
    "di",
    "ke",
    "se",
    "pe",
)
_SUFFIXES = ("nya", "lah", "kah", "kan", "an", "i")
_LEAST = 4
"""A stem keeps at least this many letters."""


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the word without its outermost prefix and suffixes: a light stemmer, whose result may not be a root."""
    for suffix in _SUFFIXES[:3]:
        if word.endswith(suffix) and len(word) - len(suffix) >= _LEAST:
            word = word[: -len(suffix)]
            break
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= _LEAST:
            word = word[len(prefix) :]
            break
    for suffix in _SUFFIXES[3:]:
        if word.endswith(suffix) and len(word) - len(suffix) >= _LEAST:
            return word[: -len(suffix)]
    return word


def words_of(text: str, *, stemmed: bool = True) -> list[str]:
    """Return the significant words, in lower case, in order: letters only, at least three, no stopword."""
    words = [word for word in _WORD.findall(text.lower()) if word not in STOPWORDS]
    return [stem(word) for word in words] if stemmed else words


def main_of(category: str) -> str:
    """Return the main category of "MAIN" or "MAIN / SUB"."""
    return category.partition(" / ")[0]


class Counts:
    """Word counts for each of a set of labels, and the number of documents of each."""

    def __init__(self) -> None:
        """Start without counts."""
        self.words: dict[str, Counter[str]] = {}
        self.documents: Counter[str] = Counter()
        self.labels_with: Counter[str] = Counter()
        """In how many labels each word occurs."""

    def add(self, label: str, words: Mapping[str, int], documents: int) -> None:
        """Add (or, with negative numbers, subtract) words and documents of a label."""
        counts = self.words.setdefault(label, Counter())
        for word, number in words.items():
            before = counts[word]
            counts[word] = before + number
            self.labels_with[word] += (counts[word] > 0) - (before > 0)
            if counts[word] <= 0:
                del counts[word]
        self.documents[label] += documents
        if not counts and not self.documents[label]:
            del self.words[label], self.documents[label]

    def shares(self, words: Mapping[str, int], labels: Iterable[str] | None = None) -> dict[str, float]:
        """Return the probability of each label (all, or those given) for these words; they add up to 1."""
        chosen = sorted(self.words if labels is None else labels)
        vocabulary = max(1, sum(1 for number in self.labels_with.values() if number > 0))
        known = {word: 1 + log(number) for word, number in words.items() if self.labels_with[word] > 0}
        spread = log(1 + len(self.words))
        weights = {word: weight * (spread - log(self.labels_with[word])) for word, weight in known.items()}
        # The words of a text are not independent, as the formula assumes: the evidence is damped, or every share would
        # be zero or one.
        damped = 1 / max(1.0, sum(weights.values()) ** 0.5)
        scores = {}
        for label in chosen:
            counts = self.words[label]
            whole = counts.total() + SMOOTHING * vocabulary
            evidence = sum(weight * log((counts[word] + SMOOTHING) / whole) for word, weight in weights.items())
            scores[label] = log(self.documents[label] + PRIOR) + damped * evidence
        return _normalised(scores)


def _normalised(scores: Mapping[str, float]) -> dict[str, float]:
    if not scores:
        return {}
    best = max(scores.values())
    raised = {label: exp(score - best) for label, score in scores.items()}
    whole = sum(raised.values())
    return {label: value / whole for label, value in raised.items()}


class Suggester:
    """A classifier that learns which words go with which category, and which OPD gets a category's reports."""

    def __init__(
        self, categories: Iterable[str], opd_of: Mapping[str, str] | None = None, *, stemmed: bool = True
    ) -> None:
        """Start with the words of the category tree, and with the directory's OPD for a (main) category.

        `categories` are keys "MAIN" or "MAIN / SUB"; `opd_of` maps such keys to OPD codes.
        """
        self._stemmed = stemmed
        self._mains = Counts()
        self._below: dict[str, Counts] = {}
        self._opds: dict[str, Counter[str]] = {}
        self._opd_of = dict(opd_of or {})
        self.learned = 0
        """How many reports it has learned from."""
        for category in categories:
            self._count(category, category.rpartition(" / ")[2], TREE_WEIGHT, documents=0)

    def learn(self, category: str, text: str, opds: Iterable[str] = ()) -> None:
        """Learn from a decided public report: its title and text, its category, the OPDs that it was forwarded to."""
        self._count(category, text, 1, documents=1)
        self._opds.setdefault(category, Counter()).update(opds)
        self.learned += 1

    def forget(self, category: str, text: str, opds: Iterable[str] = ()) -> None:
        """Undo `learn` of the same report, exactly."""
        self._count(category, text, -1, documents=-1)
        self._opds.setdefault(category, Counter()).subtract(opds)
        self.learned -= 1

    def categories(self, text: str, most: int = 3) -> list[Suggestion]:
        """Return the most probable categories of a text, best first, at most one per main category; ties by name.

        An empty list for a text without a known word.
        """
        mains, below = self._beliefs(text)
        named = {
            max(below[main], key=lambda key: (below[main][key], key)) if main in below else main: share
            for main, share in mains.items()
        }
        return _best(named, most)

    def opds(self, text: str, most: int = 3) -> list[Suggestion]:
        """Return the most probable OPDs, best first: each category's probability goes to the OPDs with its reports."""
        found: dict[str, float] = {}
        mains, below = self._beliefs(text)
        for main, share in mains.items():
            for category, part in below.get(main, {main: 1.0}).items():
                counts = self._opds_for(category)
                for opd, number in counts.items():
                    found[opd] = found.get(opd, 0.0) + share * part * number / counts.total()
        return _best(found, most)

    def _opds_for(self, category: str) -> Counter[str]:
        counts = +self._opds.get(category, Counter())
        answering = self._opd_of.get(category) or self._opd_of.get(main_of(category))
        if answering is not None:
            counts[answering] += DIRECTORY_WEIGHT
        return counts

    def _beliefs(self, text: str) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
        """Return the probability of each main category and, for the likeliest ones, of those below it."""
        words = Counter(words_of(text, stemmed=self._stemmed))
        if not any(self._mains.labels_with[word] > 0 for word in words):
            return {}, {}
        mains = self._mains.shares(words)
        looked_into = sorted(mains, key=lambda main: (-mains[main], main))[:LOOKED_INTO]
        return mains, {main: self._below[main].shares(words) for main in looked_into}

    def _count(self, category: str, text: str, weight: int, documents: int) -> None:
        words = {word: number * weight for word, number in Counter(words_of(text, stemmed=self._stemmed)).items()}
        main = main_of(category)
        self._mains.add(main, words, documents)
        self._below.setdefault(main, Counts()).add(category, words, documents)


def unsure(*suggested: Sequence[Suggestion]) -> bool:
    """Return whether the first of any of these suggestions, best first, is not by SURE_BY ahead, or is missing."""
    return any(_lead(one) < SURE_BY for one in suggested)


def _lead(best_first: Sequence[Suggestion]) -> float:
    shares = [*(one.share for one in best_first[:2]), 0.0, 0.0]
    return round(shares[0] - shares[1], 4)


def _best(shares: Mapping[str, float], most: int) -> list[Suggestion]:
    """Return the largest shares, best first, ties by name; rounded, so that the order of summation does not matter."""
    rounded = {key: round(share, 4) for key, share in shares.items()}
    worth_telling = [key for key, share in rounded.items() if share >= LEAST_SHARE]
    chosen = sorted(worth_telling, key=lambda key: (-rounded[key], key))[:most]
    return [Suggestion(key=key, share=rounded[key]) for key in chosen]
