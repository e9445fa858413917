"""Merkle trees compared with the RFC's recursive definitions, and with the published vectors of RFC 6962's log."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.proof import merkle
from kawal.proof.merkle import EMPTY_ROOT, IncrementalRoot, Node, is_consistent, is_included, leaf_hash

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = [
    (0, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]),
    (5, 8, ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"]),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
]  # fmt: skip
CONSISTENCY = [
    (1, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]),
    (6, 8, ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"]),
]  # fmt: skip


def mth(data: list[bytes]) -> bytes:
    """Return the Merkle tree hash as the RFC defines it."""
    if not data:
        return sha256(b"").digest()
    if len(data) == 1:
        return sha256(b"\x00" + data[0]).digest()
    k = below(len(data))
    return sha256(b"\x01" + mth(data[:k]) + mth(data[k:])).digest()


def below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def path(m: int, data: list[bytes]) -> list[bytes]:
    if len(data) == 1:
        return []
    k = below(len(data))
    if m < k:
        return [*path(m, data[:k]), mth(data[k:])]
    return [*path(m - k, data[k:]), mth(data[:k])]


def proof(m: int, data: list[bytes], known: bool = True) -> list[bytes]:
    if m == len(data):
        return [] if known else [mth(data)]
    k = below(len(data))
    if m <= k:
        return [*proof(m, data[:k], known), mth(data[k:])]
    return [*proof(m - k, data[k:], False), mth(data[:k])]


def made(groups: list[list[Node]], data: list[bytes]) -> list[bytes]:
    def lookup(node: Node) -> bytes:
        width = 1 << node.height
        part = data[node.place * width : (node.place + 1) * width]
        assert len(part) == width, "only complete subtrees are asked for"
        return mth(part)

    return [merkle.root_of(nodes, lookup) for nodes in groups]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_the_published_ones(size: int) -> None:
    growing = IncrementalRoot()
    growing.add(map(leaf_hash, LEAVES[:size]))
    assert growing.root.hex() == ROOTS[size - 1] == mth(LEAVES[:size]).hex()


@pytest.mark.parametrize(("index", "size", "expected"), INCLUSION)
def test_inclusion_proofs_are_the_published_ones(index: int, size: int, expected: list[str]) -> None:
    hashes = made(merkle.inclusion_path(index, size), LEAVES)
    assert [one.hex() for one in hashes] == expected
    assert is_included(leaf_hash(LEAVES[index]), index, size, hashes, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("older", "newer", "expected"), CONSISTENCY)
def test_consistency_proofs_are_the_published_ones(older: int, newer: int, expected: list[str]) -> None:
    hashes = made(merkle.consistency_path(older, newer), LEAVES)
    assert [one.hex() for one in hashes] == expected
    assert is_consistent(older, bytes.fromhex(ROOTS[older - 1]), newer, bytes.fromhex(ROOTS[newer - 1]), hashes)


def test_a_tree_without_leaves_has_its_own_root() -> None:
    assert IncrementalRoot().root == EMPTY_ROOT == mth([])


trees = st.integers(1, 70).map(lambda n: [b"leaf %d" % i for i in range(n)])


@given(trees, st.data())
def test_an_inclusion_proof_is_the_recursive_one_and_holds_for_its_leaf_alone(
    tree: list[bytes], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(tree) - 1))
    hashes = made(merkle.inclusion_path(index, len(tree)), tree)
    assert hashes == path(index, tree)
    root = mth(tree)
    assert is_included(leaf_hash(tree[index]), index, len(tree), hashes, root)
    other = data.draw(st.integers(-1, len(tree) + 1).filter(lambda one: one != index))
    assert not is_included(leaf_hash(tree[index]), other, len(tree), hashes, root)
    assert not is_included(leaf_hash(b"another"), index, len(tree), hashes, root)
    assert not is_included(leaf_hash(tree[index]), index, len(tree), [*hashes, root], root)
    if hashes:
        spoilt = data.draw(st.integers(0, len(hashes) - 1))
        changed = [leaf_hash(one) if i == spoilt else one for i, one in enumerate(hashes)]
        assert not is_included(leaf_hash(tree[index]), index, len(tree), changed, root)
        assert not is_included(leaf_hash(tree[index]), index, len(tree), hashes[:-1], root)


@given(trees, st.data())
def test_a_consistency_proof_is_the_recursive_one_and_holds_for_those_two_trees_alone(
    tree: list[bytes], data: st.DataObject
) -> None:
    older = data.draw(st.integers(1, len(tree)))
    hashes = made(merkle.consistency_path(older, len(tree)), tree)
    assert hashes == proof(older, tree)
    old_root, root = mth(tree[:older]), mth(tree)
    assert is_consistent(older, old_root, len(tree), root, hashes)
    forked = mth([*tree[: older - 1], b"another", *tree[older:]])
    assert not is_consistent(older, old_root, len(tree), forked, hashes)
    assert not is_consistent(older, leaf_hash(old_root), len(tree), root, hashes)
    if hashes:
        spoilt = data.draw(st.integers(0, len(hashes) - 1))
        changed = [leaf_hash(one) if i == spoilt else one for i, one in enumerate(hashes)]
        assert not is_consistent(older, old_root, len(tree), root, changed)
        assert not is_consistent(older, old_root, len(tree), root, hashes[:-1])


@given(st.integers(1, 10_000_000), st.data())
def test_a_proof_among_millions_is_made_of_few_nodes(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    nodes = [node for group in merkle.inclusion_path(index, size) for node in group]
    assert len(nodes) <= 2 * size.bit_length()
    assert len(merkle.consistency_path(index + 1, size)) <= size.bit_length() + 1


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_no_proof_is_made_of_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_path(index, size)


@pytest.mark.parametrize(("older", "newer"), [(0, 3), (4, 3)])
def test_no_proof_is_made_that_a_tree_shrank(older: int, newer: int) -> None:
    with pytest.raises(ValueError, match="did not grow"):
        merkle.consistency_path(older, newer)
