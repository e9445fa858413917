"""Chance that comes out the same on every machine and Python version."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Draws for one purpose, named by its seed, so that changing one life leaves all others as they are.

    Only `random()` is promised to stay the same between versions of Python, so everything is made from it.
    """

    def __init__(self, seed: str) -> None:
        """Begin the draws that belong to this seed."""
        self._random = random.Random(seed)  # noqa: S311 (made-up lives, no secrets)

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def chance(self, percent: int) -> bool:
        """True in so many of a hundred."""
        return self._random.random() * 100 < percent

    def pick(self, choices: Sequence[T]) -> T:
        """One of them, all alike."""
        return choices[self.whole(0, len(choices) - 1)]

    def weighted(self, choices: dict[T, int]) -> T:
        """One of the keys, by the weight that is its value."""
        mark = self._random.random() * sum(choices.values())
        for choice, weight in choices.items():
            mark -= weight
            if mark < 0:
                return choice
        return next(reversed(choices))

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The same items in another order."""
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.whole(0, last)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed

    def shift(self, spread: float) -> float:
        """A number between -spread and +spread."""
        return (self._random.random() * 2 - 1) * spread
