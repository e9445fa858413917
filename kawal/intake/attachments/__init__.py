"""Files that come with a report: checked by content, encrypted with its key, served to those who may see them."""
