"""An agency's single sign-on as agencies run one: a Django project with django-oauth-toolkit, as a program of its own.

`python -m tests.console.sso PORT` serves it; `running.py` starts it for tests and sits at its pages. It is as strict as
its makers allow (RFC 9700), and shares no code with Kawal's side: another library signs, another speaks the protocol.
What a real provider refuses to do, such as signing lies, is left to the mock of `tests/console/staff`.
"""
