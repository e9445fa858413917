"""Wording in the reader's language: the catalogues, dates and numbers, names of codes, letters."""
