"""What `kawal account` and `kawal deputy` say."""

from __future__ import annotations

from kawal.domain.msgids import Message, msgid

SENTENCES: dict[str, Message] = {
    "role_granted": msgid("Role {number}: {role}."),
    "role_ended": msgid("Role {number} has ended; it is over at the next page that its holder opens."),
    "link_made": msgid("Link for {login}, valid once until {until}:"),
    "link_once": msgid("Hand it to that person alone: whoever has it can sign in. It cannot be shown again."),
    "deputy_named": msgid("Deputy {number}, from {first} until {last}."),
    "deputy_ended": msgid("Deputy {number} has ended."),
    "up_first_link": msgid(
        "Nobody can sign in yet. This link makes the first administrator, valid once until {until}:\n  {link}"
    ),
}
"""Each key with its sentence."""

COMMANDS: dict[str, Message] = {
    "account": msgid("People who sign in, and their roles."),
    "account invite": msgid("Enter a person with a first role, and make their sign-in link."),
    "account grant": msgid("Let a person hold a further role, or one until another day."),
    "account end-role": msgid("End a held role."),
    "account link": msgid("Make a new sign-in link; what the person signed in with before ends when it is used."),
    "account list": msgid("List people, their roles and the deputies."),
    "deputy": msgid("Who stands in for an absent."),
    "deputy name": msgid("Name a deputy for a held role, from a day until another."),
    "deputy end": msgid("End a deputyship before its last day."),
}
"""Each command with its help."""

OPTIONS: dict[str, Message] = {
    "account holder": msgid("Role and name: ROLE[/OPD][@INSTANSI]:NAME."),
    "account held": msgid("The role: ROLE[/OPD][@INSTANSI]."),
    "account login": msgid("The person's log-in name: without spaces, such as an e-mail address."),
    "account until": msgid("The role's last day, YYYY-MM-DD; left out, it is open."),
    "account number": msgid("Number of the held role."),
    "deputy number": msgid("Number of the held role, or of the deputyship to end."),
    "deputy login": msgid("The deputy's log-in name."),
    "deputy first": msgid("The first day, YYYY-MM-DD."),
    "deputy last": msgid("The last day, YYYY-MM-DD."),
}
"""Each key with an option's help."""

COLUMNS: dict[str, Message] = {
    "login": msgid("Log-in name"),
    "held": msgid("Number"),
    "until": msgid("Until"),
    "deputy": msgid("Number"),
    "absent": msgid("Absent"),
    "from_day": msgid("From"),
}
"""Each key with a column's heading."""
