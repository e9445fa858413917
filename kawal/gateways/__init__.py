"""Outgoing gateways: how messages to telephones are written, sent, and reported on, for each kind of provider.

`outgoing` reads which gateways there are; `shapes` says what a message, a request, an answer and a delivery report are;
`own`, `twilio`, `meta` and `vonage` write and read them as pure functions; `providers` picks the right one;
`connection` sends. Nothing here knows a table or a complaint (docs/outgoing-messages.md).
"""
