"""`/pimpinan/andai`: what another policy would have made of the reports of a period, counted in the background.

`asking.py` shows the form with what was asked before, and puts the question; `answer.py` shows how far it is, then the
figures, and sends them as files; `reports.py` lists the reports behind each of them. Nothing here changes a report.
"""
