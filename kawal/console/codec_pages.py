"""The page on which an official signs in to the codec: who looks, and what for, in both languages."""

from __future__ import annotations

import html
from typing import Literal

from starlette.responses import HTMLResponse

State = Literal["out", "in", "refused"]

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def page(state: State, base: str, ui_origin: str, *, status: int = 200) -> HTMLResponse:
    """Return the page as it stands for a browser; its forms go to the paths under `base`."""
    form = _FORMS[state].format(base=html.escape(base, quote=True))
    text = _PAGE.format(said=_SAID[state], form=form, ui=html.escape(ui_origin, quote=True))
    return HTMLResponse(text, status, _HEADERS)


_PAGE = """<!doctype html>
<html lang="id"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Kawal: isi muatan / payloads</title>
<style>body{{font:16px/1.5 sans-serif;max-width:34em;margin:3em auto;padding:0 1em}}label{{display:block;margin:1em 0}}
input{{width:100%;font:inherit;padding:.4em;box-sizing:border-box}}button{{font:inherit;padding:.4em 1em}}</style>
<h1>Isi muatan / payloads</h1>
<p>{said}</p>
{form}
<p><a href="{ui}">Temporal UI</a></p>
</html>
"""
_IN = """<form method="post" action="{base}/login">
<label>Pas / pass <input name="pass" type="password" autocomplete="off" required maxlength="200"></label>
<label>Untuk apa dibaca / what it is read for <input name="purpose" required maxlength="500" autocomplete="off"></label>
<button>Masuk / log in</button></form>"""
_OUT = '<form method="post" action="{base}/logout"><button>Keluar / log out</button></form>'
_SAID = {
    "out": "Tunjukkan pas Anda dan sebutkan tujuannya; keduanya menentukan apa yang dibuka, dan dicatat. / "
    "Show your pass and state the purpose; what is opened depends on them, and goes on record.",
    "in": "Anda sudah masuk: muat ulang Temporal UI. / You are logged in: reload the Temporal UI.",
    "refused": "Pas tidak berlaku, atau tujuan kosong atau terlalu panjang. / "
    "The pass does not hold, or the purpose is missing or too long.",
}
_FORMS = {"out": _IN, "refused": _IN, "in": _OUT}
