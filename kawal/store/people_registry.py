"""The stores of people: who they are, which roles they hold, how they sign in, and what they show instead."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import asyncpg

if TYPE_CHECKING:
    from kawal.store.accounts import Accounts
    from kawal.store.data_keys import DataKeyStore
    from kawal.store.deputies import Deputies
    from kawal.store.identity_requests import IdentityRequests
    from kawal.store.linked_identities import LinkedIdentities
    from kawal.store.mentions import Mentions
    from kawal.store.passes import Passes
    from kawal.store.passkeys import Passkeys
    from kawal.store.passwords import Passwords
    from kawal.store.people import People
    from kawal.store.saved_views import SavedViews
    from kawal.store.sign_in_links import SignInLinks
    from kawal.store.staff_sessions import StaffSessions
    from kawal.store.tokens import Tokens


class PeopleStores:
    """The stores of people, each created at its first use."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Read and write through `pool`, with the data keys of `keys`."""
        self.pool = pool
        self.keys = keys

    @cached_property
    def accounts(self) -> Accounts:
        """Accounts of people."""
        from kawal.store.accounts import Accounts

        return Accounts(self.pool, self.keys)

    @cached_property
    def deputies(self) -> Deputies:
        """Who stands in for whom."""
        from kawal.store.deputies import Deputies

        return Deputies(self.pool, self.keys)

    @cached_property
    def identity_requests(self) -> IdentityRequests:
        """Browsers that were sent to an identity provider."""
        from kawal.store.identity_requests import IdentityRequests

        return IdentityRequests(self.pool, self.keys)

    @cached_property
    def linked_identities(self) -> LinkedIdentities:
        """People's identities at identity providers."""
        from kawal.store.linked_identities import LinkedIdentities

        return LinkedIdentities(self.pool, self.keys)

    @cached_property
    def mentions(self) -> Mentions:
        """Notes that name people and wait for them."""
        from kawal.store.mentions import Mentions

        return Mentions(self.pool)

    @cached_property
    def passes(self) -> Passes:
        """Passes of officials."""
        from kawal.store.passes import Passes

        return Passes(self.pool, self.keys)

    @cached_property
    def passkeys(self) -> Passkeys:
        """People's passkeys."""
        from kawal.store.passkeys import Passkeys

        return Passkeys(self.pool, self.keys)

    @cached_property
    def passwords(self) -> Passwords:
        """People's passwords and one-time codes."""
        from kawal.store.passwords import Passwords

        return Passwords(self.pool, self.keys)

    @cached_property
    def people(self) -> People:
        """People who sign in, and their roles."""
        from kawal.store.people import People

        return People(self.pool, self.keys)

    @cached_property
    def saved_views(self) -> SavedViews:
        """Views that people saved."""
        from kawal.store.saved_views import SavedViews

        return SavedViews(self.pool, self.keys)

    @cached_property
    def sign_in_links(self) -> SignInLinks:
        """One-time links to set up how to sign in."""
        from kawal.store.sign_in_links import SignInLinks

        return SignInLinks(self.pool)

    @cached_property
    def staff_sessions(self) -> StaffSessions:
        """Sessions of people who signed in."""
        from kawal.store.staff_sessions import StaffSessions

        return StaffSessions(self.pool)

    @cached_property
    def tokens(self) -> Tokens:
        """Tokens of adapters."""
        from kawal.store.tokens import Tokens

        return Tokens(self.pool)
