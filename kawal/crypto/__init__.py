"""Encryption: master keys (file, environment, key service), data keys, and the payload codec.

Knows of the rest only names. A codec never raises for foreign bytes, always for a key that cannot be had; in a
workflow's or activity's context it opens what that owner's keys sealed, and nothing else.
"""
