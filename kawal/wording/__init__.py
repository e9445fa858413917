"""Wording in the reader's language: the catalogues, dates and numbers, names of codes, letters, and a report as its own
page tells it (`report_standing`, `report_timeline`).
"""
