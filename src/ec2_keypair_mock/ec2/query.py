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
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

import xmltodict

from . import errors

NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/"
PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n'

# The parameters of the protocol itself, in any signature version; no action has them.
PROTOCOL_PARAMETERS = frozenset(
    "Action Version AWSAccessKeyId SecurityToken Signature SignatureMethod SignatureVersion "
    "Timestamp Expires X-Amz-Algorithm X-Amz-Credential X-Amz-Date X-Amz-Expires "
    "X-Amz-Security-Token X-Amz-Signature X-Amz-SignedHeaders".split()
)

# A character that no XML 1.0 document can hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Named:
    """A parameter whose member in the API has another name than the wire (``KeyName.1``)."""

    member: str
    shape: Shape


#: ``str``, ``bool``, ``int`` or ``bytes`` (base64 on the wire); a list of a shape; a structure, by
#: the names on the wire.
Shape: TypeAlias = "type | list[Any] | dict[str, Any] | Named"
Result: TypeAlias = "Mapping[str, Any]"


def parse_form(*forms: str | bytes) -> dict[str, str]:
    """The flat parameters of the URL's query and the body together.

    Raises ``MalformedQueryString`` for what is no UTF-8 and refuses a parameter given twice.
    """
    form: dict[str, str] = {}
    for name, value in _pairs(forms):
        if name in form:
            raise errors.REPEATED_PARAMETER(name)
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
        raise errors.MALFORMED_QUERY() from None


def read_parameters(form: Mapping[str, str], shape: dict[str, Shape]) -> dict[str, Any]:
    """The nested parameters of an action, under the API's own member names.

    Raises ``UnknownParameter`` for any name that the shape does not have.
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
        shape = _step(shape, step, name)
        tree = tree.setdefault(step, {})
    inner = _step(shape, leaf, name)
    if not path and isinstance(inner, Named) and inner.shape == [str]:
        # libcloud sends a single name without an index, and AWS takes it.
        tree, leaf = tree.setdefault(leaf, {}), "1"
    elif not isinstance(inner, type):
        raise errors.UNKNOWN_PARAMETER(name)
    if leaf in tree:
        raise errors.REPEATED_PARAMETER(name)
    tree[leaf] = value


def _step(shape: Shape, step: str, name: str) -> Shape:
    if isinstance(shape, Named):
        shape = shape.shape
    if isinstance(shape, dict) and step in shape:
        inner: Shape = shape[step]
        return inner
    if isinstance(shape, list) and re.fullmatch("[1-9][0-9]{0,4}", step, re.ASCII):
        item: Shape = shape[0]
        return item
    raise errors.UNKNOWN_PARAMETER(name)


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
    # What is not base64 becomes material of no known format, so that it is refused in its turn.
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return b"\0"


_SCALARS: dict[Any, Any] = {
    str: lambda value, name: value,
    bool: read_boolean,
    int: _read_integer,
    bytes: _read_blob,
}


def items(entries: list[Any]) -> dict[str, Any] | None:
    """A list as its element's content; None, an empty element, where it is empty."""
    return {"item": entries} if entries else None


def render(action: str, request_id: str, result: Result) -> bytes:
    """The document of a success: ``requestId`` first, then the result in its own order."""
    root = {"@xmlns": NAMESPACE, "requestId": request_id, **result}
    return _document({f"{action}Response": root})


def render_error(error: errors.EC2Error, request_id: str) -> bytes:
    """The document of an error: no namespace, and ``RequestID`` with a capital ID."""
    entry = {"Error": {"Code": error.code, "Message": error.message}}
    return _document({"Response": {"Errors": entry, "RequestID": request_id}})


def _document(tree: dict[str, Any]) -> bytes:
    body = xmltodict.unparse(tree, full_document=False, short_empty_elements=True)
    # XML parsers turn a bare carriage return into a line feed, unless it is escaped.
    text = PROLOG + _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", body).replace("\r", "&#13;")
    return text.encode("utf-8")
