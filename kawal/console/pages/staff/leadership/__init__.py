"""`/pimpinan` and `/inspektorat/opd`: the agency's figures for its leadership, and the league of its OPDs.

`overview.py` shows the leadership's page and what came up to it, `charts.py` works out its drawings, `exports.py` sends
the same as PDF, XLSX and CSV; `league_page.py` shows the league. Every number of both leads to `rows.py`, which lists
the reports behind it. All of it is counted from kept sums and names no word of a report but the titles of what came up.
"""
