"""The page on which an official who is signed in states the purpose for the codec, in both languages."""

from __future__ import annotations

import html
from typing import Literal

from starlette.responses import HTMLResponse

from kawal.domain.msgids import Message, msgid
from kawal.wording.catalogues import say

State = Literal["nobody", "out", "in", "refused"]

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def page(state: State, base: str, ui_origin: str, lang: str, *, status: int = 200) -> HTMLResponse:
    """Return the page for a browser in this state, in a language; its forms go to the paths under `base`."""
    words = {name: html.escape(say(lang, message)) for name, message in _WORDS.items()}
    form = _FORMS[state].format(base=html.escape(base, quote=True), **words)
    text = _PAGE.format(
        lang=lang, said=html.escape(say(lang, _SAID[state])), form=form, ui=html.escape(ui_origin, quote=True), **words
    )
    return HTMLResponse(text, status, _HEADERS)


_PAGE = """<!doctype html>
<html lang="{lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Kawal: {title}</title>
<style>body{{font:16px/1.5 sans-serif;max-width:34em;margin:3em auto;padding:0 1em}}label{{display:block;margin:1em 0}}
input{{width:100%;font:inherit;padding:.4em;box-sizing:border-box}}button{{font:inherit;padding:.4em 1em}}</style>
<h1>{title}</h1>
<p>{said}</p>
{form}
<p><a href="{ui}">Temporal UI</a></p>
</html>
"""
_IN = """<form method="post" action="{base}/login">
<label>{purpose} <input name="purpose" required maxlength="500" autocomplete="off"></label>
<button>{log_in}</button></form>"""
_SIGN_IN = '<p><a href="/masuk?ke={base}/login">{sign_in}</a></p>'
_OUT = '<form method="post" action="{base}/logout"><button>{log_out}</button></form>'
_WORDS = {
    "title": msgid("payloads"),
    "sign_in": msgid("Sign in"),
    "purpose": msgid("Purpose"),
    "log_in": msgid("Open payloads"),
    "log_out": msgid("Close payloads"),
}
_SAID: dict[State, Message] = {
    "nobody": msgid("Sign in first; then state here for what purpose you open payloads."),
    "out": msgid("State the purpose; what is opened depends on your role, and both go on record."),
    "in": msgid("Payloads are open: reload the Temporal UI."),
    "refused": msgid("The purpose is missing or too long."),
}
_FORMS = {"nobody": _SIGN_IN, "out": _IN, "refused": _IN, "in": _OUT}
