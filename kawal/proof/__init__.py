"""What makes the record provable: the hash chain, the Merkle tree (RFC 9162), signed heads and their keys.

The byte forms of leaves and heads stand here, too. Pure but for the signature; knows of the rest only names.
"""
