"""`/kelola`: what an agency administers itself, each act a row of the desks' table and on record.

`outcomes.py` says what was done; `entrance.py` is where one comes in, with what is missing;
`accounts.py` is people, roles, links and deputies; `opd_page.py` the OPDs, one by one and many from a list that is
judged line by line before anything is done; `offices.py` where offices receive notices; `category_page.py` which OPD
answers what. `calendar_page.py` and `policy_page.py` show what would move (`moved_deadlines.py`) before anything is in
force; `canned_texts.py` keeps ready texts; `machine_access.py` has tokens and passes; `gateway_page.py` says by what
letters and messages leave; `health_page.py` how each part of the system stands (`health_ways.py`: letters and
messages, out and in); `list_upload.py` takes a list as a file; `dead_letters.py` shows what was given up. Whatever
gives somebody access asks for a recent sign-in (docs/administration.md).
"""
