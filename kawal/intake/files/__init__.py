"""Reports from CSV and XLSX files, with a mapping that says what each column means (docs/intake-files.md)."""
