"""Adapters: each turns what a channel delivers into one accepted report, or into a reply to one.

`service.py` is shared by all: accept, reply, track, the tracking secret. `handover.py` accepts again what was passed on
to another agency of the installation. `http/`, `open311/`, `messages/` (signed
webhook), `mail/` (letters: cutting, reading, telling people's letters from machines'; SMTP listener, mailboxes by
IMAP), `files/` (mapping, CSV, XLSX, import), `attachments/` (file types, encryption in chunks, storage). Foreign bytes
are parsed in processes with limits (`reading_process.py`): parsers are bounded in bytes, cells and unpacked size, and
letters, whole files and the lists that officials upload (`list_file.py`) are never parsed in the event loop.
`channels.py` mounts what the operator configures in the home.

Adapters reach a complaint only through the client and never start a workflow. Nothing is acknowledged before its
commit; every adapter sends with an idempotency key. `public_view.py` decides what a reporter sees; what the public sees
is decided by two views of the database (`public_status`, `public_report`), whose words are masked
(`kawal/domain/masking.py`).
"""
