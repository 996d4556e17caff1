"""YAML files as Pulumi reads them: YAML 1.2 scalars, and a key given twice is an error."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from crossaccount.engine.errors import ProjectError

if TYPE_CHECKING:
    from pathlib import Path

# PyYAML's own resolvers are of YAML 1.1, where `no` is false, `22:22` a number and `2026-12-31` a date.
_RESOLVERS = (
    ("tag:yaml.org,2002:bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("tag:yaml.org,2002:int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("tag:yaml.org,2002:float", r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("tag:yaml.org,2002:null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
)


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012  PyYAML's


for _tag, _pattern, _first in _RESOLVERS:
    _Loader.add_implicit_resolver(_tag, re.compile(f"(?:{_pattern})$"), list(_first))


def _unique_mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
        if key is None or key in result:
            problem = "a key is not a text" if key is None else f"key `{key}` is given twice"
            raise yaml.constructor.ConstructorError(None, None, problem, key_node.start_mark)
        result[key] = loader.construct_object(value_node, deep=True)
    return result


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _unique_mapping)


def read_mapping(path: Path) -> dict[str, Any]:
    """Read a YAML file that holds a mapping; an empty file is an empty one.

    Raises:
        ProjectError: it cannot be read, is not YAML or not a mapping; names the file and the line.
    """
    try:
        return parse_mapping(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise ProjectError(f"`{path.name}` cannot be read: {error}") from None


def parse_mapping(text: str, name: str) -> dict[str, Any]:
    """The mapping in a YAML text; `name` is the file's in messages.

    Raises:
        ProjectError: it is not YAML or not a mapping; names the file and the line.
    """
    try:
        document = yaml.load(text, _Loader)  # noqa: S506  it is a SafeLoader
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ProjectError(f"`{name}`{line}: {error.problem}") from None
    except yaml.YAMLError as error:
        raise ProjectError(f"`{name}` cannot be read: {error}") from None
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise ProjectError(f"`{name}` is not a mapping of keys to values")
    return document
