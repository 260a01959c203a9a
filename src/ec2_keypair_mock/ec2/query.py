"""The EC2 query protocol: form body to parameters, result to XML.

A request is ``application/x-www-form-urlencoded``: ``Action``, ``Version`` and the parameters,
structures and lists flattened with dots (``Filter.1.Value.2``). An answer is an XML document, its
lists wrapped in ``item`` elements. Both as in the botocore model of EC2 (protocol ``ec2``); the
bytes of the documents are recorded.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import parse_qsl

import xmltodict

from . import errors

NAMESPACE = "http://ec2.amazonaws.com/doc/{}/"
VERSION = "2016-11-15"
# The versions of the API there have been, from the change logs of the API reference.
VERSIONS = frozenset(
    "2006-06-26 2006-10-01 2007-01-03 2007-01-19 2007-03-01 2007-08-29 2008-02-01 2008-05-05 "
    "2008-08-08 2008-12-01 2009-03-01 2009-04-04 2009-07-15 2009-08-15 2009-10-31 2009-11-30 "
    "2010-06-15 2010-08-31 2010-11-15 2011-01-01 2011-02-28 2011-05-15 2011-07-15 2011-11-01 "
    "2011-12-01 2011-12-15 2012-03-01 2012-04-01 2012-05-01 2012-06-01 2012-06-15 2012-07-20 "
    "2012-08-15 2012-10-01 2012-11-15 2012-12-01 2013-02-01 2013-06-15 2013-07-15 2013-08-15 "
    "2013-10-01 2013-10-15 2014-02-01 2014-05-01 2014-06-15 2014-09-01 2014-10-01 2015-03-01 "
    "2015-04-15 2015-10-01 2016-04-01 2016-09-15 2016-11-15".split()
)
PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n'

# The parameters of the protocol itself, in any signature version; no action has them.
PROTOCOL_PARAMETERS = frozenset(
    "Action Version AWSAccessKeyId SecurityToken Signature SignatureMethod SignatureVersion "
    "Timestamp Expires X-Amz-Algorithm X-Amz-Credential X-Amz-Date X-Amz-Expires "
    "X-Amz-Security-Token X-Amz-Signature X-Amz-SignedHeaders".split()
)

# A character that no XML 1.0 document can hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Named(NamedTuple):
    """A parameter whose member in the API has another name than the wire (``KeyName.1``)."""

    member: str
    shape: Shape


#: ``str``, ``bool``, ``int`` or ``bytes`` (base64 on the wire); a list of a shape; a structure, by
#: the names on the wire.
Shape: TypeAlias = "type | list[Any] | dict[str, Any] | Named"
Result: TypeAlias = "Mapping[str, Any]"


def parse_form(*forms: str | bytes) -> dict[str, str]:
    """The flat parameters of the URL's query and the body together.

    Raises ``InvalidHttpRequest`` for what is no UTF-8 and refuses a parameter given twice.
    """
    form: dict[str, str] = {}
    for name, value in _pairs(forms):
        if name in form:
            raise errors.REPEATED_PARAMETER(_last(name))
        form[name] = value
    return form


def _pairs(forms: tuple[str | bytes, ...]) -> list[tuple[str, str]]:
    try:
        texts = [form.decode("utf-8") if isinstance(form, bytes) else form for form in forms]
        return [
            pair
            for text in texts
            for pair in parse_qsl(text, keep_blank_values=True, errors="strict")
        ]
    except ValueError:
        raise errors.INVALID_HTTP_REQUEST() from None


def read_parameters(form: Mapping[str, str], shape: dict[str, Shape]) -> dict[str, Any]:
    """The nested parameters of an action, under the API's own member names.

    Raises ``UnknownParameter`` for any name that the shape does not have, and ``InvalidRequest``
    where it has the name in another shape.
    """
    tree: dict[str, Any] = {}
    for name, value in form.items():
        if name not in PROTOCOL_PARAMETERS:
            _plant(tree, name, value, shape)
    return {
        member: _read(node, inner, name)
        for name, node in tree.items()
        for member, inner in [_member(name, shape[name])]
    }


def _plant(tree: dict[str, Any], name: str, value: str, shape: Shape) -> None:
    """Put a flat parameter where its dotted name says, if the shape has such a place."""
    *path, leaf = name.split(".")
    for step in path:
        shape = _step(shape, step)
        tree = tree.setdefault(step, {})
    inner = _step(shape, leaf)
    if not path and isinstance(inner, Named) and inner.shape == [str]:
        # libcloud sends a single name without an index, and AWS takes it.
        tree, leaf = tree.setdefault(leaf, {}), "1"
    elif not isinstance(inner, type):
        raise errors.INVALID_REQUEST()
    if leaf in tree:
        raise errors.REPEATED_PARAMETER(_last(name))
    tree[leaf] = value


def _step(shape: Shape, step: str) -> Shape:
    if isinstance(shape, Named):
        shape = shape.shape
    if isinstance(shape, dict):
        if step not in shape:
            raise errors.UNKNOWN_PARAMETER(step)
        inner: Shape = shape[step]
        return inner
    if isinstance(shape, list) and re.fullmatch("[1-9][0-9]{0,4}", step, re.ASCII):
        item: Shape = shape[0]
        return item
    raise errors.INVALID_REQUEST()


def _last(name: str) -> str:
    """The last component of a dotted name, by which AWS names a parameter."""
    return name.rpartition(".")[2]


def _member(name: str, shape: Shape) -> tuple[str, Shape]:
    return (shape.member, shape.shape) if isinstance(shape, Named) else (name, shape)


def _read(node: Any, shape: Shape, name: str) -> Any:
    if isinstance(shape, list):
        return [_read(node[index], shape[0], name) for index in sorted(node, key=int)]
    if isinstance(shape, dict):
        return {
            member: _read(node[key], inner, name)
            for key in node
            for member, inner in [_member(key, shape[key])]
        }
    return _SCALARS[shape](node, name)


def read_boolean(value: str, name: str) -> bool:
    """``true`` or ``false``, in any case."""
    if value.lower() not in ("true", "false"):
        raise errors.NOT_A_BOOLEAN(value, name)
    return value.lower() == "true"


def _read_integer(value: str, name: str) -> int:
    if not re.fullmatch("-?[0-9]{1,9}", value, re.ASCII):
        raise errors.NOT_AN_INTEGER(value, name)
    return int(value)


def _read_blob(value: str, name: str) -> bytes:
    # Some clients break the lines of base64, and AWS takes it.
    text = value.replace("\r", "").replace("\n", "")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        # Material of no known format, and as long, so that it is refused for each in its turn.
        return bytes(len(text) * 3 // 4) or b"\0"


_SCALARS: dict[Any, Any] = {
    str: lambda value, name: value,
    bool: read_boolean,
    int: _read_integer,
    bytes: _read_blob,
}


def items(entries: list[Any]) -> dict[str, Any] | None:
    """A list as its element's content; None, an empty element, where it is empty."""
    return {"item": entries} if entries else None


def render(action: str, request_id: str, result: Result, version: str = VERSION) -> bytes:
    """The document of a success: ``requestId`` first, then the result in its own order."""
    root = {"@xmlns": NAMESPACE.format(version), "requestId": request_id, **result}
    return _document({f"{action}Response": root})


def render_error(error: errors.EC2Error, request_id: str) -> bytes:
    """The document of an error: no namespace, and ``RequestID`` with a capital ID."""
    entry = {"Error": {"Code": error.code, "Message": error.message}}
    return _document({"Response": {"Errors": entry, "RequestID": request_id}})


def _document(tree: dict[str, Any]) -> bytes:
    body = xmltodict.unparse(tree, full_document=False, short_empty_elements=True)
    if not body.isprintable():
        # XML parsers turn a bare carriage return into a line feed, unless it is escaped. EC2
        # escapes it so (recorded).
        body = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", body).replace("\r", "&#xd;")
    return (PROLOG + body).encode("utf-8")
