"""A browser without scripts: it opens pages, reads their forms, fills them in and sends them as a person does."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx


class Form:
    """A form of a page: where it is sent, how, and the fields that it holds now."""

    def __init__(self, action: str, method: str, named: str) -> None:
        self.action = action
        self.method = method
        self.named = named
        self.fields: dict[str, str] = {}


class Page(HTMLParser):
    """A page as it was answered: its forms, its texts, its headings."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__(convert_charrefs=True)
        self.answer = answer
        self.status = answer.status_code
        self.path = urlsplit(str(answer.url)).path
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.elsewhere: dict[str, str] = {}
        """The forms, by id, that a button outside them sends, and where to."""
        self.ids: dict[str, str] = {}
        self._texts: list[str] = []
        self._area: str | None = None
        self._select: str | None = None
        self._silent = 0
        self.feed(answer.text)

    @property
    def text(self) -> str:
        """All that a reader sees, in one line."""
        return " ".join(" ".join(self._texts).split())

    def form(self, action: str) -> Form:
        """Return the page's only form that is sent to this path."""
        found = [form for form in self.forms if urlsplit(form.action).path == action]
        assert len(found) == 1, [form.action for form in self.forms]
        return found[0]

    def in_other_language(self) -> Form:
        """Return the form that the button for the other language sends, with the address to which it sends it."""
        (named, action), *others = self.elsewhere.items()
        assert not others
        form = next(one for one in self.forms if one.named == named)
        form.action = action
        return form

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("script", "style", "title"):
            self._silent += 1
        elif tag == "form":
            self.forms.append(Form(given.get("action", self.path), given.get("method", "get"), given.get("id", "")))
        elif tag == "a":
            self.links.append(given.get("href", ""))
        elif tag == "button" and "form" in given and "formaction" in given:
            self.elsewhere[given["form"]] = given["formaction"]
        elif self.forms and "name" in given:
            self._field(tag, given)
        elif tag == "option" and self._select is not None and "selected" in given:
            self.forms[-1].fields[self._select] = given.get("value", "")

    def _field(self, tag: str, given: dict[str, str]) -> None:
        fields = self.forms[-1].fields
        if tag == "textarea":
            self._area = given["name"]
            fields[given["name"]] = ""
        elif tag == "select":
            self._select = given["name"]
            fields[given["name"]] = ""
        elif tag == "input" and given.get("type") in ("checkbox", "radio"):
            if "checked" in given:
                fields[given["name"]] = given.get("value", "on")
        elif tag == "input" and given.get("type") not in ("file", "image"):
            fields[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "title"):
            self._silent -= 1
        elif tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            # A line end right after the tag belongs to the markup.
            self.forms[-1].fields[self._area] += data
        elif not self._silent:
            self._texts.append(data)


class Browser:
    """A browser that follows redirects and keeps cookies by their paths."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def open(self, path: str, **headers: str) -> Page:
        """Open a page."""
        return Page(await self.client.get(path, headers=headers, follow_redirects=True))

    async def send(self, form: Form, **fields: Any) -> Page:
        """Fill in a form and send it; a field that is None is left out."""
        return await self._sent(form, fields, None)

    async def send_file(self, form: Form, content: bytes, **fields: Any) -> Page:
        """Fill in a form with a file in its field `berkas`, and send it."""
        return await self._sent(form, fields, {"berkas": ("daftar.csv", content)})

    async def _sent(self, form: Form, fields: dict[str, Any], files: dict[str, tuple[str, bytes]] | None) -> Page:
        filled = {name: value for name, value in {**form.fields, **fields}.items() if value is not None}
        sent = {name: value.replace("\n", "\r\n") for name, value in filled.items()}
        where = urljoin(str(self.client.base_url), form.action)
        if form.method.lower() == "get":
            return Page(await self.client.get(where, params=sent, follow_redirects=True))
        answer = await self.client.post(where, data=sent, files=files, follow_redirects=True)
        return Page(answer)
