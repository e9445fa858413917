"""Adapters: each turns what a channel delivers into one accepted report, or into a reply to one.

`service.py` is what all share: accept, reply, track, the tracking secret. `http/`, `open311/`, `messages/` (signed
webhook), `mail/` (letters: cut, read, told from machines'; SMTP listener), `files/` (mapping, CSV, XLSX, import),
`attachments/` (kinds, encryption in chunks, storage). Foreign bytes are parsed in processes with limits
(`reading_process.py`): parsers are bounded in bytes, cells and unpacked size, and what a letter or a whole file is
made of is never parsed in the event loop.

Reaches a complaint through the client alone and never starts a workflow. Nothing is acknowledged before its commit;
every adapter gives what it sends a key. `view.py` decides what a reporter sees; what the public does, two views of
the database (`public_status`, `public_report`), with `open311/masking.py`.
"""
