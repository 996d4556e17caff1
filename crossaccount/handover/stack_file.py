"""Editing `Pulumi.<stack>.yaml` in place: lines are added or replaced, every other byte stays as it is.

A library that writes YAML again would keep comments but not the lines: indents, quotes and folds change, and
the diff that is shown would not be what was asked for. So the positions of PyYAML's nodes say where lines go,
and what came of it is read again and compared.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import yaml

from crossaccount.engine.errors import ProjectError
from crossaccount.engine.yaml_file import parse_mapping
from crossaccount.handover.errors import refused

if TYPE_CHECKING:
    from collections.abc import Mapping

_INDENT = 2


class _Dumper(yaml.SafeDumper):
    """Writes as the committed stack files do: lists indented, double quotes, no anchors."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002  PyYAML's
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002  PyYAML's
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    tag = dumper.resolve(yaml.ScalarNode, value, (True, False))  # type: ignore[no-untyped-call]
    plain = tag == "tag:yaml.org,2002:str"
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=None if plain else '"')


_Dumper.add_representer(str, _text)


@dataclass(frozen=True, slots=True)
class StackFile:
    """The text of a stack file, and what it says.

    Attributes:
        name: the file's, in messages.
        text: its content.
    """

    name: str
    text: str

    @property
    def document(self) -> dict[str, Any]:
        """What it says.

        Raises:
            SessionError: of kind USAGE: it is not YAML, or not a mapping.
        """
        try:
            return parse_mapping(self.text, self.name)
        except ProjectError as error:
            raise refused(str(error), "mend it first") from None

    def with_entry(self, path: tuple[str, ...], value: object, comment: str = "") -> StackFile:
        """The file with an entry added or, where it is there, replaced; mappings on the way are made.

        Args:
            path: keys, from the top.
            value: plain data.
            comment: a line above an entry that is new.

        Raises:
            SessionError: of kind USAGE: it stands in a form that cannot be edited by lines.
        """
        wanted: dict[str, Any] = _unshared(self.document)
        _set(wanted, path, value, self.name)
        root = yaml.compose(self.text, yaml.SafeLoader)
        if root is None:
            edited = self._appended(len(self._lines), 0, _nested(path, value), comment)
        else:
            edited = self._edited(root, path, value, comment)
        if edited.document != wanted:
            where = ".".join(path)
            raise refused(
                f"`{self.name}` cannot be edited at `{where}`",
                "write that part in block form, without anchors",
            )
        return edited

    def with_entries(
        self, path: tuple[str, ...], entries: Mapping[str, object], comment: str = ""
    ) -> StackFile:
        """The file with new entries added to a mapping, in one block; mappings on the way are made.

        Args:
            path: keys, from the top, of the mapping.
            entries: plain data by key; none of the keys is there yet.
            comment: a line above the block.

        Raises:
            SessionError: of kind USAGE: it stands in a form that cannot be edited by lines.
        """
        (first, value), *rest = entries.items()
        edited = self.with_entry((*path, first), value, comment)
        wanted: dict[str, Any] = _unshared(edited.document)
        for name, each in rest:
            _set(wanted, (*path, name), each, self.name)
        if rest:
            node = yaml.compose(edited.text, yaml.SafeLoader)
            for name in path:
                pair = None if node is None else _pair(node, name)
                node = None if pair is None else pair[1]
            if node is not None:
                below = _last_line(node) + 1
                edited = edited._appended(below, _column(node), dict(rest), "")  # noqa: SLF001  its own class's
        if edited.document != wanted:
            raise refused(
                f"`{self.name}` cannot be edited at `{'.'.join(path)}`",
                "write that part in block form, without anchors",
            )
        return edited

    def _edited(self, node: yaml.Node, path: tuple[str, ...], value: object, comment: str) -> StackFile:
        """Follows the path as far as it is there, then adds what is missing, or replaces the last entry."""
        for number, name in enumerate(path):
            pair = _pair(node, name)
            if pair is None:
                rest = _nested(path[number:], value)
                return self._appended(_last_line(node) + 1, _column(node), rest, comment)
            key, below = pair
            indent = key.start_mark.column
            if number == len(path) - 1:
                return self._replaced(key, below, indent, {name: value})
            if not isinstance(below, yaml.MappingNode) or not below.value:
                return self._replaced(key, below, indent, _nested(path[number:], value))
            if below.flow_style:
                raise refused(
                    f"`{self.name}`, line {key.start_mark.line + 1}: `{name}` is written in braces",
                    "write it in block form first",
                )
            node = below
        return self

    @property
    def _lines(self) -> list[str]:
        return self.text.splitlines(keepends=True)

    def _appended(self, line: int, indent: int, value: Mapping[str, Any], comment: str) -> StackFile:
        above = f"{' ' * indent}# {comment}\n" if comment else ""
        return self._with_lines(line, line, above + _block(value, indent))

    def _replaced(self, key: yaml.Node, below: yaml.Node, indent: int, value: Mapping[str, Any]) -> StackFile:
        last = max(_last_line(below), key.end_mark.line)
        block = _block(value, indent)
        behind = self._lines[last].rstrip()[below.end_mark.column :].strip()
        if below.end_mark.line == last and behind.startswith("#"):
            block = block.replace("\n", f"  {behind}\n", 1)
        return self._with_lines(key.start_mark.line, last + 1, block)

    def _with_lines(self, start: int, end: int, block: str) -> StackFile:
        lines = self._lines
        newline = "\r\n" if "\r\n" in self.text else "\n"
        before = "".join(lines[:start])
        if before and not before.endswith("\n"):
            before += newline
        return replace(self, text=before + block.replace("\n", newline) + "".join(lines[end:]))


def new_stack_file(name: str, comment: str, config: Mapping[str, Any]) -> StackFile:
    """A stack file that is not there yet."""
    return StackFile(name, f"# {comment}\n{_block({'config': config}, 0)}")


def _unshared(value: Any) -> Any:  # noqa: ANN401  YAML
    """The value as a tree: what an alias repeats is not one object, which would change in two places."""
    if isinstance(value, dict):
        return {key: _unshared(each) for key, each in value.items()}
    return [_unshared(each) for each in value] if isinstance(value, list) else value


def _nested(path: tuple[str, ...], value: object) -> dict[str, Any]:
    first, *rest = path
    return {first: _nested(tuple(rest), value) if rest else value}


def _set(document: dict[str, Any], path: tuple[str, ...], value: object, file: str) -> None:
    for name in path[:-1]:
        below = document.get(name)
        if below is None:
            below = document[name] = {}
        if not isinstance(below, dict) or below.keys() == {"secure"}:
            why = "is encrypted as a whole" if isinstance(below, dict) else "is no mapping"
            raise refused(f"`{file}`: `{name}` {why}", "mend it first")
        document = below
    document[path[-1]] = value


def _block(value: Mapping[str, Any], indent: int) -> str:
    text = yaml.dump(
        dict(value), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000_000, indent=_INDENT
    )
    return "".join(f"{' ' * indent}{line}" for line in text.splitlines(keepends=True))


def _pair(node: yaml.Node, name: str) -> tuple[yaml.Node, yaml.Node] | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((pair for pair in pairs if pair[0].value == name), None)


def _column(node: yaml.Node) -> int:
    first = node.value[0][0] if isinstance(node, yaml.MappingNode) and node.value else node
    return int(first.start_mark.column)


def _last_line(node: Any) -> int:  # noqa: ANN401  a node, whose kinds have no common type
    """The last line that a node's content stands on; what PyYAML counts reaches over comments below it."""
    if isinstance(node, yaml.ScalarNode):
        folded = node.style in ("|", ">") and node.end_mark.column == 0
        return int(node.end_mark.line) - (1 if folded and node.end_mark.line > node.start_mark.line else 0)
    if node.flow_style or not node.value:
        return int(node.end_mark.line)
    last = node.value[-1]
    if isinstance(node, yaml.MappingNode):
        return max(int(last[0].end_mark.line), _last_line(last[1]))
    return _last_line(last)
