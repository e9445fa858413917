"""E-mail: a letter becomes a report, and a letter that answers one of ours a reply to its report."""
