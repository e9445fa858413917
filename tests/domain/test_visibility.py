"""Who sees what, as a citizen is told: the same as the table of rights allows."""

from __future__ import annotations

import pytest

from kawal.domain.access import OFFICIALS, Act, may
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.domain.visibility import PUBLIC, READERS, of_the_reporter, of_the_words
from tests.domain.test_access import complaint


def allowed(role: Role, *, anonim: bool, rahasia: bool, identity: bool, act: Act = Act.READ_EVENTS) -> bool:
    actor = Actor(role=role, account="a", opd="DPUPR" if role is Role.LIAISON else None)
    about = complaint(anonim=anonim, rahasia=rahasia, ever_level=3)
    return may(actor, act, about, purpose="tugas", identity=identity) is None


@pytest.mark.parametrize("anonim", [True, False])
def test_who_may_know_the_reporter_is_said_as_the_rules_decide(anonim: bool) -> None:
    told = of_the_reporter(anonim=anonim)
    assert told.may == [r for r in OFFICIALS if allowed(r, anonim=anonim, rahasia=False, identity=True)]
    assert sorted([*told.may, *told.may_not]) == sorted(OFFICIALS)
    assert told.do_not[-1] == PUBLIC


@pytest.mark.parametrize("rahasia", [True, False])
def test_who_may_read_the_words_is_said_as_the_rules_decide(rahasia: bool) -> None:
    told = of_the_words(rahasia=rahasia)
    assert told.may == [r for r in OFFICIALS if allowed(r, anonim=False, rahasia=rahasia, identity=False)]
    assert (PUBLIC in told.see, PUBLIC in told.do_not) == (not rahasia, rahasia)
    assert told.on_record is rahasia


@pytest.mark.parametrize("rahasia", [True, False])
def test_who_may_open_files_without_reading_the_words_is_said_as_the_rules_decide(rahasia: bool) -> None:
    told = of_the_words(rahasia=rahasia)
    open_files = [
        role
        for role in OFFICIALS
        if allowed(role, anonim=False, rahasia=rahasia, identity=False, act=Act.READ_ATTACHMENTS)
    ]
    assert sorted([*told.open_files, *told.may]) == sorted(open_files)
    assert told.open_files  # else the sentence would stand for nothing


def test_every_role_of_an_official_has_words_for_citizens() -> None:
    assert set(READERS) == set(OFFICIALS)
