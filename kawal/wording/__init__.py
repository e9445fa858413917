"""What is said to people, in their language: the catalogues read, dates and numbers, names of codes, letters."""
