"""Signing in: who sends a request, in which role, and how people come to be known.

`signed_in.py` is what every page and route for officials asks. A request is somebody's by the cookie of a session;
each one asks the database, so that what was revoked or has ended is over at the next request.
"""
