"""The OpenAPI description (3.1) of the JSON API, generated from the types of its responses."""

from functools import cache
from typing import Any, NamedTuple

import msgspec

from linkwatch.models.resource import Kind
from linkwatch.report.formats.json import JsonReport
from linkwatch.report.resource.json import JsonResourceHistory
from linkwatch.version import __version__
from linkwatch.web.api import documents


class _Operation(NamedTuple):
    """One GET operation."""

    path: str
    summary: str
    answer: type[msgspec.Struct]
    parameters: tuple[dict[str, Any], ...] = ()


def _in_path(name: str, description: str, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    parameter = {"name": name, "in": "path", "required": True, "description": description}
    return {**parameter, "schema": schema or {"type": "string"}}


_SCHEDULE = _in_path("schedule", "Name of the schedule, percent-encoded")
_KIND = _in_path("kind", "Kind of the resource", {"type": "string", "enum": [kind.value for kind in Kind]})
_ID = _in_path("id", "Id as in reports, percent-encoded: `PL…`, `UC…`, `@handle`, or a video id")
_PAGE = {
    "name": "page",
    "in": "query",
    "description": "From 1; another value is 1, one beyond the last page is that",
    "schema": {"type": "integer", "minimum": 1},
}

_OPERATIONS = (
    _Operation("/schedules", "All schedules with the counts of their reports", documents.Schedules),
    _Operation("/reports/{schedule}", "Report of a schedule, linkwatch.report/1", JsonReport, (_SCHEDULE,)),
    _Operation("/runs", "The runs, newest first", documents.Runs, (_PAGE,)),
    _Operation(
        "/resources/{kind}/{id}", "The history of a resource, linkwatch.life/1", JsonResourceHistory, (_KIND, _ID)
    ),
    _Operation("/progress", "The running check", documents.ProgressNow),
    _Operation("/quota", "The quota account of today", documents.Quota),
    _Operation("/acks", "The acknowledgements", documents.Acks),
)


@cache
def openapi_document(prefix: str = "") -> dict[str, Any]:
    """The description; every response matches the schema that it names.

    Args:
        prefix: The path that the dashboard has behind a proxy, as `/linkwatch`.
    """
    answers = [operation.answer for operation in _OPERATIONS]
    schemas, components = msgspec.json.schema_components(
        [*answers, documents.Problem], schema_hook=_anything, ref_template="#/components/schemas/{name}"
    )
    *answer_schemas, problem_schema = schemas
    return {
        "openapi": "3.1.0",
        "info": {"title": "linkwatch", "version": __version__, "description": "Read-only."},
        "servers": [{"url": f"{prefix}/api/v1"}],
        "paths": {
            operation.path: {"get": _operation(operation, schema, problem_schema)}
            for operation, schema in zip(_OPERATIONS, answer_schemas, strict=True)
        },
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        # The token is required unless the dashboard is bound to loopback.
        "security": [{}, {"token": []}],
    }


def _anything(_: type) -> dict[str, Any]:
    """The schema of evidence, which depends on the rule."""
    return {"description": "Depends on the rule"}


def _operation(operation: _Operation, schema: dict[str, Any], problem: dict[str, Any]) -> dict[str, Any]:
    failures = {"404": "Not found"} if operation.parameters and operation.parameters != (_PAGE,) else {}
    failures["503"] = "The database or the lists can't be read"
    unauthorized = {
        "description": "The token is missing or wrong",
        "content": {"text/plain": {"schema": {"type": "string"}}},
    }
    return {
        "summary": operation.summary,
        "operationId": operation.answer.__name__,
        "parameters": list(operation.parameters),
        "responses": {
            "200": {"description": operation.summary, "content": _json(schema)},
            "401": unauthorized,
            **{status: {"description": why, "content": _json(problem)} for status, why in failures.items()},
        },
    }


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
