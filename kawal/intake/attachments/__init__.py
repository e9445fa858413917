"""Files that come with a report: checked by content, sealed with its key, served to whoever may see them."""
