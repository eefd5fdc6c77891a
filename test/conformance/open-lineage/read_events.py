"""Reads OpenLineage events, one a line, into the classes of the standard's own Python client, and writes what the client would send.

A member that a class does not have, or that it lacks, ends with an error; so does an id that is no UUID or a time that is none.
"""

import importlib
import json
import pkgutil
import sys
import types
import typing

import attr
from openlineage.client import event_v2, generated
from openlineage.client.serde import Serde


def facet_classes():
    found = {}
    for module in pkgutil.iter_modules(generated.__path__):
        for value in vars(importlib.import_module(f"{generated.__name__}.{module.name}")).values():
            if isinstance(value, type) and hasattr(value, "_get_schema"):
                found[value._get_schema()] = value
    return found


FACETS = facet_classes()


def type_of(kind, name):
    """The type of a member, as the class that declares it writes it."""
    base = next(base for base in kind.__mro__ if name in base.__dict__.get("__annotations__", {}))
    return eval(base.__annotations__[name], vars(sys.modules[base.__module__]))


def build(kind, value):
    """`value` as an instance of `kind`, which is a class of the client or a type that holds such."""
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        kind = next(one for one in typing.get_args(kind) if one is not type(None))
        origin = typing.get_origin(kind)
    if origin is list:
        return [build(typing.get_args(kind)[0], item) for item in value]
    if origin is dict:
        return {name: build(typing.get_args(kind)[1], item) for name, item in value.items()}
    if isinstance(value, dict) and "_schemaURL" in value:
        kind = FACETS[value["_schemaURL"]]
    if not attr.has(kind):
        return kind(value) if isinstance(kind, type) and issubclass(kind, event_v2.RunState) else value
    own = {name: item for name, item in value.items() if name not in ("_schemaURL", "schemaURL")}
    names = {field.name: field.alias for field in attr.fields(kind)}
    return kind(**{names[name]: build(type_of(kind, name), item) for name, item in own.items()})


KINDS = {"RunEvent": event_v2.RunEvent, "DatasetEvent": event_v2.DatasetEvent, "JobEvent": event_v2.JobEvent}

for line in sys.stdin:
    given = json.loads(line)
    kind = KINDS[given["schemaURL"].rsplit("/", 1)[1]]
    sys.stdout.write(Serde.to_json(build(kind, given)) + "\n")
