"""`/kerja/verifikasi`: the queue in which an agency's admin decides on new reports, one key for each.

`practice.py` knows what the agency does with which category; `report.py` reads a report as it is shown, its reading on
record first; `fields.py` is the decision as it stands in the form; `queue.py` shows queue and report; `deciding.py`
verifies and forwards; `other_acts.py` holds, archives, passes on, merges, handles, takes back; `publicity.py` redacts
and releases; `likeness.py` shows two side by side; `several.py` decides on marked ones; `script_answers.py` answers the
page's script. What the form holds when it is sent is what is done: nothing that is learned later alters it
(docs/verification.md).
"""
