"""Encryption: master keys (file, environment, key service), data keys, and the payload codec.

Imports only names from the rest. A codec never raises for foreign bytes and always raises for a key that is
unavailable; in a workflow's or activity's context it decrypts only what that owner's keys encrypted.
"""
