"""The keys of a settings table, read from the annotations of its model, and the values that a file gives them.

A field of a model whose annotation has a `msgspec.Meta` with a description is a key. Its type and the constraints of
the `Meta` say which values it takes; `Written` says how a value is written where that differs from the value itself,
and `Environment` names the variable that sets it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache, partial
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from linkwatch.errors import SettingsError

T = TypeVar("T")

Place = Callable[..., str]
"""The path to a key, as `toml_lines.line_of` takes it → file and line."""


class Written(msgspec.Struct, frozen=True):
    """How a value is written; to be used in `Annotated`."""

    expected: str
    """What it must be, for messages."""

    type: Any = None
    """What msgspec checks the written value against; None: the type of the field."""

    parse: Callable[[Any], Any] | None = None
    """The written value → the value. Raises ValueError, with the reason if `expected` doesn't say it."""

    write: Callable[[Any], Any] | None = None
    """The value → the written value, for the default in the JSON Schema."""

    secret: bool = False
    """No message quotes the value."""


class Environment(msgspec.Struct, frozen=True):
    """The environment variable that sets a value; to be used in `Annotated`."""

    variable: str
    in_file: bool = True
    """Whether a file may set it too: a file may be a stranger's, as in a pull request."""


class Tables(msgspec.Struct, frozen=True):
    """The value is an array of tables; to be used in `Annotated`."""

    key: str
    """As it is written, `[[key]]`."""

    model: type
    """What one table holds. A `ValueError` that it raises has what is wrong with the table, and the remedy."""


class Table(msgspec.Struct, frozen=True):
    """The value is a table of values of one type; to be used in `Annotated`."""

    key: str
    """As it is written, `[key]`."""

    names: Mapping[str, Any]
    """The names it may hold, and what each stands for."""

    noun: str
    """What a name stands for, for messages."""

    type: Any
    """Of the values."""

    default: Callable[[Any], Any]
    """What a name stands for → its value when the table doesn't name it."""

    description: Callable[[Any], str]
    """What a name stands for → what its value is about."""


class Key(msgspec.Struct, frozen=True):
    """A key of a table."""

    name: str
    """As it is written in a file."""

    field: Any
    """The field of the model."""

    type: Any
    """What msgspec checks the written value against."""

    default: Any
    """The value; `msgspec.NODEFAULT` when there is none."""

    description: str
    written: Written
    environment: Environment | None = None
    table: Table | None = None
    tables: Tables | None = None

    @property
    def in_file(self) -> bool:
        """Whether a file may set it."""
        return self.environment is None or self.environment.in_file


@cache
def keys_of(model: type) -> Mapping[str, Key]:
    """The keys of a table by their names, in the order of the model's fields."""
    hints, keys = get_type_hints(model, include_extras=True), {}
    for field, default in _defaults(model).items():
        base, notes = _flattened(hints[field])
        description = next((meta.description for meta in _all(notes, msgspec.Meta) if meta.description), None)
        if description is None:
            continue
        written, table, tables = _last(notes, Written), _last(notes, Table), _last(notes, Tables)
        type_ = (written and written.type) or base
        for meta in _all(notes, msgspec.Meta):
            type_ = Annotated[type_, meta]
        name = table.key if table else tables.key if tables else field
        keys[name] = Key(
            name=name,
            field=field,
            type=type_,
            default=default,
            description=description,
            written=written or Written(_expected(type_)),
            environment=_last(notes, Environment),
            table=table,
            tables=tables,
        )
    return keys


def _defaults(model: type) -> dict[str, Any]:
    """The fields of a dataclass or a Struct, and their defaults; `msgspec.NODEFAULT` where there is none."""
    found = fields(model) if is_dataclass(model) else msgspec.structs.fields(model)
    return {field.name: _default(field.default, field.default_factory) for field in found}


def _default(default: Any, factory: Any) -> Any:
    if factory not in (MISSING, msgspec.NODEFAULT):
        return factory()
    return msgspec.NODEFAULT if default is MISSING else default


def keys_of_table(table: Table) -> Mapping[str, Key]:
    """The keys of a `[key]` table by their names."""
    written = Written(_expected(table.type))
    return {
        name: Key(name, what, table.type, table.default(what), table.description(what), written)
        for name, what in table.names.items()
    }


def read_table(
    written: Mapping[str, object], keys: Mapping[str, Key], place: Place, *, noun: str = "setting", within: str = ""
) -> dict[Any, Any]:
    """The values of a table, by the fields of its model.

    Args:
        written: The table as tomllib gives it.
        keys: What it may hold.
        place: Where a key of it stands.
        noun: What a key of it is called.
        within: What the table is called, after a space; empty for the whole file.

    Raises:
        SettingsError: A key is unknown, or has a value that it can't have; with file and line.
    """
    values = {}
    for name, value in written.items():
        key = keys.get(name)
        if key is None or not key.in_file:
            raise _unknown(name, keys, f"{place(name)}: unknown {noun} {name!r}{within}", noun)
        values[key.field] = _read_value(value, key, place)
    return values


def _read_value(written: object, key: Key, place: Place) -> Any:
    if key.table is not None:
        if not isinstance(written, dict):
            example = next(iter(key.table.names))
            remedy = f"Begin it with [{key.name}], and name in each line one {key.table.noun}, such as {example}."
            raise SettingsError(f"{place(key.name)}: {key.name} must be a table", remedy=remedy)
        return read_table(written, keys_of_table(key.table), partial(place, key.name), noun=key.table.noun)
    if key.tables is not None:
        if not isinstance(written, list) or not all(isinstance(table, dict) for table in written):
            message = f"{place(key.name)}: {key.name} must be an array of tables"
            raise SettingsError(message, remedy=f"Begin each of them with [[{key.name}]].")
        return tuple(
            _read_one(table, key.tables, partial(place, key.name, number)) for number, table in enumerate(written)
        )
    return convert_value(written, key, f"{place(key.name)}: {key.name}")


def _read_one(written: Mapping[str, object], tables: Tables, place: Place) -> Any:
    """One table of an array of tables; the model's field `place`, if there is one, gets its file and line."""
    keys, called = keys_of(tables.model), f"[[{tables.key}]]"
    values = read_table(written, keys, place, noun="key", within=f" in {called}")
    for key in keys.values():
        if key.default is msgspec.NODEFAULT and key.field not in values:
            raise SettingsError(f"{place()}: this {called} has no {key.name}", remedy=_remedy(key))
    if "place" in _defaults(tables.model):
        values["place"] = place()
    try:
        return tables.model(**values)
    except ValueError as error:
        message, remedy = error.args
        raise SettingsError(f"{place()}: this {called} {message}", remedy=remedy) from None


def convert_value(written: object, key: Key, where: str, *, strict: bool = True) -> Any:
    """What is written → the value.

    Args:
        written: A value of a file, or the text of a variable or a flag.
        key: What it is a value of.
        where: File, line and key, or the variable or flag.
        strict: Numbers may not be written as text.

    Raises:
        SettingsError: It is no such value.
    """
    try:
        value = msgspec.convert(written, key.type, strict=strict)
        return key.written.parse(value) if key.written.parse else value
    except msgspec.ValidationError as error:
        reason = _unknown_choice(str(error), written, key)
    except ValueError as error:
        reason = f": {error}" if error.args else ""
    instead = "" if key.written.secret else f", not {_shortened(repr(written))}"
    raise SettingsError(f"{where} must be {key.written.expected}{instead}{reason}", remedy=_remedy(key))


def _unknown_choice(message: str, written: object, key: Key) -> str:
    """Which of several values is none that can be chosen, and which one may be meant."""
    if not message.startswith("Invalid enum value '"):
        return ""
    choice = message.split("'")[1]
    return f": {choice!r} is unknown" * isinstance(written, list) + nearest(choice, _choices(key.type))


_NAMES_IN_REMEDY = 30
"""Of a table with more names a remedy doesn't list them."""


def _unknown(name: str, keys: Mapping[str, Key], message: str, noun: str) -> SettingsError:
    known = [key.name for key in keys.values() if key.in_file]
    variables = {key.name: key.environment.variable for key in keys.values() if key.environment and not key.in_file}
    variable = variables.get(name) or (variables.get("api_key") if "key" in name.lower() else None)
    if variable:
        return SettingsError(f"{message}; it is read from ${variable} only, never from a file")
    hint = nearest(name, known)
    if len(known) <= _NAMES_IN_REMEDY:
        return SettingsError(message + hint, remedy=f"Known {noun}s: {', '.join(sorted(known))}.")
    return SettingsError(message + hint, remedy="" if hint else f"“linkwatch help {noun}s” lists all of them.")


def nearest(name: str, names: Iterable[str]) -> str:
    """What somebody may have meant who wrote a name that is unknown, to be put after a message."""
    from difflib import get_close_matches  # noqa: PLC0415  # loads slowly, and only a mistake needs it

    match = get_close_matches(name, names, 1)
    return f"; did you mean {match[0]!r}?" if match else ""


def _remedy(key: Key) -> str:
    """Examples in TOML, which for texts and arrays of texts is JSON."""
    _, notes = _flattened(key.type)
    examples = next((meta.examples for meta in _all(notes, msgspec.Meta) if meta.examples), [])
    shown = [msgspec.json.format(msgspec.json.encode(example), indent=0).decode() for example in examples]
    return f"For example: {key.name} = {', or '.join(shown)}" if shown else ""


def _shortened(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:100]}…"


def _expected(type_: Any) -> str:
    base, notes = _flattened(type_)
    if base is bool:
        return "true or false"
    if base is int:
        least = next(meta.ge for meta in _all(notes, msgspec.Meta) if meta.ge is not None)
        most = next(meta.le for meta in _all(notes, msgspec.Meta) if meta.le is not None)
        return f"a whole number from {least} to {most:,}"
    if choices := _choices(base):
        return f"one of {', '.join(choices)}"
    return "a text"


def _choices(type_: Any) -> list[str]:
    """The texts that an Enum or a Literal, or an array of them, takes."""
    base, _ = _flattened(type_)
    if isinstance(base, type) and issubclass(base, Enum):
        return [member.value for member in base]
    if get_origin(base) is Literal:
        return list(get_args(base))
    return list(dict.fromkeys(choice for part in get_args(base) for choice in _choices(part)))


def _flattened(hint: Any) -> tuple[Any, list[Any]]:
    """A type without `Annotated` and `| None`, and what was noted with it."""
    notes: list[Any] = []
    while True:
        rest = [part for part in get_args(hint) if part is not NoneType]
        if get_origin(hint) is Annotated:
            hint, notes = rest[0], [*notes, *rest[1:]]
        elif get_origin(hint) in {Union, UnionType} and len(rest) == 1:
            hint = rest[0]
        else:
            return hint, notes


def _all(notes: list[Any], kind: type[T]) -> Iterator[T]:
    return (note for note in notes if isinstance(note, kind))


def _last(notes: list[Any], kind: type[T]) -> T | None:
    """The outermost: it says more about the field than that of the type's alias."""
    return next(_all(notes[::-1], kind), None)
