"""Merkle trees as in RFC 9162 (section 2.1): hashes, inclusion and consistency proofs, and their verification.

Pure arithmetic on hashes. A stored tree consists of the hashes of its complete subtrees (`Node`: its height, and its
number among those of that height from the left); a proof is given as the nodes that it is made of, so that it can be
read from few small rows. A verification returns a bool and never raises, whatever data it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves."""

_LEAF = b"\x00"
_INNER = b"\x01"


class Node(NamedTuple):
    """A complete subtree: `height` 0 is a leaf; `place` is its number among those of the same height, from the left."""

    height: int
    place: int


Lookup = Callable[[Node], bytes]
"""A function that returns the hash of a complete subtree."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf's data."""
    return sha256(_LEAF + data).digest()


def inner_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node from those of its two children."""
    return sha256(_INNER + left + right).digest()


def level_above(hashes: Sequence[bytes]) -> list[bytes]:
    """Return the hashes one height up, of pairs from the left; a last hash without a partner is dropped."""
    return [sha256(_INNER + left + right).digest() for left, right in zip(hashes[::2], hashes[1::2], strict=False)]


def subtree_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root over the hashes of adjacent nodes of one height, whose number is a power of two."""
    row = list(hashes)
    while len(row) > 1:
        row = level_above(row)
    return row[0]


# --- The nodes of a hash ----------------------------------------------------------------------------------------------


def cover(start: int, end: int) -> list[Node]:
    """Return the complete subtrees that make up the leaves from `start` up to `end`, from the left.

    Only for ranges that occur in a tree: a range begins at a multiple of each of its subtrees' widths.
    """
    nodes = []
    while start < end:
        height = (end - start).bit_length() - 1
        nodes.append(Node(height, start >> height))
        start += 1 << height
    return nodes


def root_of(nodes: Sequence[Node], lookup: Lookup) -> bytes:
    """Return the hash of the range that these nodes cover."""
    return fold_peaks([lookup(node) for node in nodes])


def fold_peaks(peaks: Sequence[bytes]) -> bytes:
    """Return the root over complete subtrees of decreasing height, given from the left; EMPTY_ROOT for none."""
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = inner_hash(peak, root)
    return root


def inclusion_path(index: int, size: int) -> list[list[Node]]:
    """Return the nodes that make up each hash of the proof that leaf `index` is in the tree of `size`.

    See RFC 9162, 2.1.3.1. Raises ValueError for a leaf that the tree does not have.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} has no leaf {index}")
    path: list[list[Node]] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(cover(middle, end))
            end = middle
        else:
            path.append(cover(start, middle))
            start = middle
    return path[::-1]


def consistency_path(older: int, newer: int) -> list[list[Node]]:
    """Return the nodes that make up each hash of the proof that a tree grew from `older` to `newer` leaves.

    See RFC 9162, 2.1.4.1. Raises ValueError unless 0 < older <= newer.
    """
    if not 0 < older <= newer:
        raise ValueError(f"a tree of {newer} did not grow from one of {older}")
    path: list[list[Node]] = []
    start, end, known = 0, newer, True
    while end != older:
        middle = start + _split(end - start)
        if older <= middle:
            path.append(cover(middle, end))
            end = middle
        else:
            path.append(cover(start, middle))
            start, known = middle, False
    if not known:
        path.append(cover(start, end))
    return path[::-1]


def _split(width: int) -> int:
    """Return the largest power of two smaller than a width of at least two."""
    return 1 << (width - 1).bit_length() - 1


# --- Verification -----------------------------------------------------------------------------------------------------


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Return whether the proof shows that a leaf of this hash is at `index` in the tree of that root (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, made = index, size - 1, leaf
    for hash_ in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            made = inner_hash(hash_, made)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            made = inner_hash(made, hash_)
        at, last = at >> 1, last >> 1
    return last == 0 and made == root


def is_consistent(older: int, older_root: bytes, newer: int, newer_root: bytes, proof: Sequence[bytes]) -> bool:
    """Return whether the proof shows that the newer tree is the older one with leaves added at its end (2.1.4.2)."""
    if not 0 < older <= newer:
        return False
    if older == newer:
        return not proof and older_root == newer_root
    hashes = list(proof)
    if older & (older - 1) == 0:
        hashes.insert(0, older_root)
    if not hashes:
        return False
    at, last = older - 1, newer - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old_made = new_made = hashes[0]
    for hash_ in hashes[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old_made, new_made = inner_hash(hash_, old_made), inner_hash(hash_, new_made)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new_made = inner_hash(new_made, hash_)
        at, last = at >> 1, last >> 1
    return last == 0 and old_made == older_root and new_made == newer_root


# --- Incremental trees ------------------------------------------------------------------------------------------------


class IncrementalRoot:
    """A tree that computes its root while leaves are added one by one, in memory proportional to its height."""

    def __init__(self) -> None:
        """Start without leaves."""
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, hashes: Iterable[bytes]) -> None:
        """Add leaves by their hashes."""
        for hash_ in hashes:
            size, made = self.size, hash_
            while size & 1:
                made = sha256(_INNER + self._peaks.pop() + made).digest()
                size >>= 1
            self._peaks.append(made)
            self.size += 1

    @property
    def root(self) -> bytes:
        """The root over all leaves so far."""
        return fold_peaks(self._peaks)
