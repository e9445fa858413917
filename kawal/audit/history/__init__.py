"""The whole history of a complaint, as a document and as a case file.

`chronicle*.py` collect events, what officials released or redacted beside them, deadlines with their reasons, refusals,
readings, the engine's runs (from the server or the history archive), and which workflow events caused each event;
`case_file*.py` make case files. This package only reads. Whether the reader may see the complaint is checked beforehand
by `client/authority.py`, which also records the reading.
"""
