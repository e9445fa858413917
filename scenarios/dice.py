"""Pseudo-random choices that are the same on every machine and Python version."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Pseudo-random draws for one purpose, named by its seed, so that changing one life leaves all others unchanged.

    Only `random()` is guaranteed to stay the same between versions of Python, so everything is derived from it.
    """

    def __init__(self, seed: str) -> None:
        """Start the draws that belong to this seed."""
        self._random = random.Random(seed)  # noqa: S311 (made-up lives, no secrets)

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def chance(self, percent: int) -> bool:
        """Return True with this probability in per cent."""
        return self._random.random() * 100 < percent

    def pick(self, choices: Sequence[T]) -> T:
        """Pick one of the choices, all equally likely."""
        return choices[self.whole(0, len(choices) - 1)]

    def weighted(self, choices: dict[T, int]) -> T:
        """Pick one of the keys, weighted by their values."""
        mark = self._random.random() * sum(choices.values())
        for choice, weight in choices.items():
            mark -= weight
            if mark < 0:
                return choice
        return next(reversed(choices))

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Return the same items in another order."""
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.whole(0, last)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed

    def shift(self, spread: float) -> float:
        """Return a number between -spread and +spread."""
        return (self._random.random() * 2 - 1) * spread
