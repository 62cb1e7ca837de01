"""The OpenAPI description (3.1) of the JSON API, made from the types that its answers are made of."""

from functools import cache
from typing import Any, NamedTuple

import msgspec

from linkwatch import __version__
from linkwatch.models.resource import Kind
from linkwatch.report.formats.json import JsonReport
from linkwatch.report.resource.json import JsonResourceHistory
from linkwatch.web.api import documents


class _Operation(NamedTuple):
    """One thing that can be asked for."""

    path: str
    summary: str
    answer: type[msgspec.Struct]
    parameters: tuple[dict[str, Any], ...] = ()


def _in_path(name: str, description: str, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    told = {"name": name, "in": "path", "required": True, "description": description}
    return {**told, "schema": schema or {"type": "string"}}


_SCHEDULE = _in_path("schedule", "Its name, percent-encoded")
_KIND = _in_path("kind", "What it is", {"type": "string", "enum": [kind.value for kind in Kind]})
_ID = _in_path("id", "Its id as reports have it, percent-encoded: `PL…`, `UC…`, `@handle`, a video's")
_PAGE = {"name": "page", "in": "query", "description": "From 1", "schema": {"type": "integer", "minimum": 1}}

_OPERATIONS = (
    _Operation("/schedules", "The schedules and how their lists are", documents.Schedules),
    _Operation("/reports/{schedule}", "A schedule's report, linkwatch.report/1", JsonReport, (_SCHEDULE,)),
    _Operation("/runs", "The checks, newest first", documents.Runs, (_PAGE,)),
    _Operation(
        "/resources/{kind}/{id}", "Everything known of a resource, linkwatch.life/1", JsonResourceHistory, (_KIND, _ID)
    ),
    _Operation("/progress", "The check that is running", documents.ProgressNow),
    _Operation("/quota", "The day's quota units", documents.Quota),
    _Operation("/acks", "What is accepted", documents.Acks),
)


@cache
def openapi_document() -> dict[str, Any]:
    """The description; every answer fits the schema that it names."""
    answers = [operation.answer for operation in _OPERATIONS]
    schemas, components = msgspec.json.schema_components(
        [*answers, documents.Problem], schema_hook=_anything, ref_template="#/components/schemas/{name}"
    )
    *of_answers, of_problem = schemas
    return {
        "openapi": "3.1.0",
        "info": {"title": "linkwatch", "version": __version__, "description": "Reads; nothing is changed by it."},
        "servers": [{"url": "/api/v1"}],
        "paths": {
            operation.path: {"get": _operation(operation, schema, of_problem)}
            for operation, schema in zip(_OPERATIONS, of_answers, strict=True)
        },
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        # Beyond loopback the token; on loopback nothing.
        "security": [{}, {"token": []}],
    }


def _anything(_: type) -> dict[str, Any]:
    """What a rule gives as evidence is its own."""
    return {"description": "Whatever the rule gives"}


def _operation(operation: _Operation, schema: dict[str, Any], problem: dict[str, Any]) -> dict[str, Any]:
    failures = {"404": "There is none"} if operation.parameters and operation.parameters != (_PAGE,) else {}
    failures["503"] = "The database or the lists can't be read"
    refused = {
        "description": "The token is missing or wrong",
        "content": {"text/plain": {"schema": {"type": "string"}}},
    }
    return {
        "summary": operation.summary,
        "operationId": operation.answer.__name__,
        "parameters": list(operation.parameters),
        "responses": {
            "200": {"description": operation.summary, "content": _json(schema)},
            "401": refused,
            **{status: {"description": why, "content": _json(problem)} for status, why in failures.items()},
        },
    }


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
