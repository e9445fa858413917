"""SMS and WhatsApp: a signed message posted by a gateway becomes a report or a reply to one."""
