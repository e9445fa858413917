"""One answer in either of the standard's formats: XML, which every server must offer, and JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from starlette.responses import Response

FORMATS = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}

_MEMBER = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
"""The XML names of the members of a list; JSON names only the list."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot contain, not even escaped."""

Value = str | int | float | bool | None | Sequence[Any] | Mapping[str, Any]


def document(root: str, content: Value, wanted: str, status: int = 200) -> Response:
    """Answer with `content` under the element `root`, as "xml" or "json"; None is an empty element or null."""
    if wanted == "json":
        body = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
    else:
        top = Element(root)
        _fill(top, root, content)
        body = b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(top, "unicode").encode()
    return Response(body, status, {"Content-Type": FORMATS[wanted]})


def _fill(element: Element, name: str, value: Value) -> None:
    if isinstance(value, Mapping):
        for child, inner in value.items():
            _fill(SubElement(element, child), child, inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for one in value:
            _fill(SubElement(element, _MEMBER[name]), _MEMBER[name], one)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif value is not None:
        element.text = _NOT_XML.sub("", str(value))
