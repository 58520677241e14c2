"""What the configuration's models look like from outside: their keys, and where secrets stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from monitor.config.document import Place
from monitor.config.values import Secret


def parts(annotation: Any) -> list[Any]:
    """The plain types of an annotation: `X | None` gives X and NoneType, `tuple[X, ...]` itself."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return parts(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return [part for one in get_args(annotation) for part in parts(one)]
    return [annotation]


def models_of(annotation: Any) -> list[type[BaseModel]]:
    """The models that a value of this type can be."""
    kinds = [part for part in parts(annotation) if isinstance(part, type)]
    return [kind for kind in kinds if issubclass(kind, BaseModel)]


def item_type(annotation: Any) -> Any:
    """The type of the items of a list, or None when it is no list."""
    for part in parts(annotation):
        if get_origin(part) is tuple:
            return get_args(part)[0]
    return None


def value_type(annotation: Any) -> Any:
    """The type of the values of a mapping, or None when it is none."""
    for part in parts(annotation):
        if get_origin(part) is dict:
            return get_args(part)[1]
    return None


def chosen(models: list[type[BaseModel]], value: Any) -> list[type[BaseModel]]:
    """Of models told apart by a key (`when: wave`), the one that a value names; else all."""
    if len(models) < 2 or not isinstance(value, Mapping):
        return models
    named = [
        model
        for model in models
        for key, field in model.model_fields.items()
        if field.is_required() and value.get(key) in get_args(field.annotation)
    ]
    return named or models


def known_keys(root: type[BaseModel], data: Any, place: Place) -> list[str]:
    """The keys that may stand in the section at a place; empty when there is no such section."""
    annotation: Any = root
    for step in place:
        if isinstance(step, int):
            annotation = item_type(annotation)
        else:
            fields = [
                m.model_fields[step]
                for m in chosen(models_of(annotation), data)
                if step in m.model_fields
            ]
            annotation = fields[0].annotation if fields else None
        if annotation is None:
            return []
        data = child(data, step)
    models = chosen(models_of(annotation), data)
    return list(dict.fromkeys(key for model in models for key in model.model_fields))


def child(data: Any, step: str | int) -> Any:
    """What stands below in plain data, or None."""
    if isinstance(step, int):
        return data[step] if isinstance(data, list) and step < len(data) else None
    return data.get(step) if isinstance(data, Mapping) else None


def secrets(annotation: Any, data: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every secret that plain data refers to, with its place, whatever else is wrong there."""
    if Secret in parts(annotation) and isinstance(data, str):
        yield place, data
    if isinstance(data, list) and (item := item_type(annotation)) is not None:
        for index, one in enumerate(data):
            yield from secrets(item, one, (*place, index))
    if isinstance(data, Mapping) and (value := value_type(annotation)) is not None:
        for name, one in data.items():
            yield from secrets(value, one, (*place, name))
    if isinstance(data, Mapping):
        for model in chosen(models_of(annotation), data):
            for key, field in model.model_fields.items():
                if key in data:
                    yield from secrets(field.annotation, data[key], (*place, key))
