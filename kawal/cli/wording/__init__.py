"""What the command line says, in Indonesian and in English."""
