"""Nobody decides what the same person asked for or did, in whatever role, as a deputy or not."""

from __future__ import annotations

from typing import Any

import pytest

from kawal.domain.messages import Actor, Behalf, Command
from kawal.domain.names import EventKind, Role, Spokesman
from kawal.domain.process.decide import decide
from kawal.domain.process.evolve import fold
from kawal.domain.refusals import Refusal
from tests.domain.lives import ADMIN, AGENCY, INSPECTORATE, Life

ONE, OTHER = "a" * 16, "b" * 16


def as_role(person: str, role: Role, **more: Any) -> Actor:
    """Return a person in a role: another account for each."""
    place = {Role.ADMIN: "1", Role.LIAISON: "2", Role.INSPECTORATE: "3", Role.DESK: "4"}[role]
    opd = "A" if role is Role.LIAISON else None
    return Actor(role=role, account=person + place * 16, opd=opd, instansi=AGENCY, **more)


def spoken(life: Life, name: str, who: Actor, via: Spokesman, **arguments: Any) -> str | None:
    """Give a command for the reporter; return the code of its refusal, None if it was done."""
    command = life.command(name, who, **arguments).model_copy(update={"behalf": Behalf(via=via)})
    try:
        life.state = decide(life.state, command, life.now).state
    except Refusal as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize("command", [("grant", {}), ("refuse_extension", {"grounds": "g"})])
@pytest.mark.parametrize("deputy_for", [None, "c" * 32])
def test_an_extension_is_decided_by_another_person_than_asked_for_it(
    command: tuple[str, dict[str, Any]], deputy_for: str | None
) -> None:
    name, arguments = command
    life = Life().forwarded().do("extend", as_role(ONE, Role.LIAISON), days=3, grounds="g")
    same = as_role(ONE, Role.ADMIN, deputy_for=deputy_for)
    assert life.refusal(name, same, **arguments) == "own_request"
    life.do(name, as_role(OTHER, Role.ADMIN), **arguments)


def test_a_deputy_who_asked_decides_nothing_either() -> None:
    asked_by = as_role(ONE, Role.LIAISON, deputy_for=OTHER + "2" * 16)
    life = Life().forwarded().do("extend", asked_by, days=3, grounds="g")
    assert life.refusal("grant", as_role(ONE, Role.ADMIN)) == "own_request"
    life.do("grant", as_role(OTHER, Role.ADMIN))


def test_the_inspectorate_resolves_only_what_another_person_handled() -> None:
    life = Life().forwarded().do("escalate", as_role(ONE, Role.LIAISON), why="w")
    assert life.refusal("resolve", as_role(ONE, Role.INSPECTORATE), finding="f") == "own_handling"
    life.do("resolve", as_role(OTHER, Role.INSPECTORATE), finding="f")


def test_whoever_oversaw_a_report_may_go_on_to_resolve_it() -> None:
    life = Life().forwarded(pengawasan=True).do("take_over", INSPECTORATE).do("resolve", INSPECTORATE, finding="f")
    assert life.events[-1].kind is EventKind.RESOLVED


@pytest.mark.parametrize("name", ["accept", "dispute"])
def test_the_desk_gives_no_verdict_on_what_the_same_person_handled(name: str) -> None:
    verdicts: dict[str, dict[str, Any]] = {"accept": {"rating": 4}, "dispute": {"why": "w"}}
    given = verdicts[name]
    life = Life().forwarded().do("follow_up", as_role(ONE, Role.LIAISON), text="t", final=True)
    assert spoken(life, name, as_role(ONE, Role.DESK), Spokesman.DESK, **given) == "acted_on_it"
    assert spoken(life, name, as_role(OTHER, Role.DESK), Spokesman.DESK, **given) is None


def test_from_the_tray_an_admin_accepts_only_what_another_person_followed_up() -> None:
    life = Life().forwarded().do("follow_up", as_role(ONE, Role.LIAISON), text="t", final=True)
    assert spoken(life, "accept", as_role(ONE, Role.ADMIN), Spokesman.TRAY) == "own_follow_up"
    assert spoken(life, "accept", ADMIN, Spokesman.TRAY) is None


def test_who_acted_is_known_again_from_the_events_alone() -> None:
    life = Life().forwarded().do("extend", as_role(ONE, Role.LIAISON), days=3, grounds="g")
    life.do("follow_up", as_role(ONE, Role.LIAISON), text="t", final=False)
    again = fold(life.events)
    assert again == life.state
    assert again.acted == {Role.ADMIN: [ADMIN.account], Role.LIAISON: [ONE]}
    assert (again.extension_by, again.followed_up_by) == (ONE, [ONE])


def test_a_deputy_and_the_machines_operator_stand_among_the_facts_and_nobody_else_does() -> None:
    deputy = as_role(ONE, Role.ADMIN, deputy_for=OTHER + "1" * 16)
    by_machine = as_role(OTHER, Role.ADMIN, operator=True)
    life = Life().forwarded().do("nudge", deputy, opd="A", how="h").do("nudge", by_machine, opd="A", how="h")
    told = [{name: event.facts.get(name) for name in ("deputy_for", "operator")} for event in life.events]
    assert told[-2:] == [
        {"deputy_for": OTHER + "1" * 16, "operator": None},
        {"deputy_for": None, "operator": True},
    ]
    assert all(set(one.values()) == {None} for one in told[:-2])


def test_a_command_sent_again_for_another_absent_is_not_the_same() -> None:
    life = Life().forwarded()
    first = Command(
        name="nudge", actor=as_role(ONE, Role.ADMIN), arguments={"opd": "A", "how": "h"}, idempotency_key="k"
    )
    deputy = as_role(ONE, Role.ADMIN, deputy_for=OTHER + "1" * 16)
    done = decide(life.state, first, life.now)
    again = decide(life.state, first.model_copy(update={"actor": deputy}), life.now)
    assert done.events[0].digest != again.events[0].digest
