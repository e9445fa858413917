"""What makes the record provable: chains, the Merkle tree, signed heads."""
