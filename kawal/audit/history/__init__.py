"""The whole life of a complaint, told and filed."""
