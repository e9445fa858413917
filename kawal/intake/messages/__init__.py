"""SMS and WhatsApp: what a gateway posts, signed, becomes a report or a reply to one."""
