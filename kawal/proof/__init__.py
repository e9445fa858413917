"""Proofs of the record: the hash chain, the Merkle tree (RFC 9162), signed heads and their keys.

Also defines the byte forms of leaves and heads. Pure except for the signature; imports only names from the rest.
"""
