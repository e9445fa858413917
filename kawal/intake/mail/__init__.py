"""E-mail: a letter becomes a report, and a letter that answers one of Kawal's becomes a reply to its report."""
