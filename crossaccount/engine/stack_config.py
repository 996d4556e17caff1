"""A stack's configuration: what the program's `pulumi.Config` reads.

A key without a namespace belongs to the project; an object becomes its JSON text; a value that holds a
`secure:` text is decrypted and marked secret.
Source: Pulumi documentation, "Configuration" and "Project-level configuration".
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crossaccount.engine.errors import ProjectError, UnsupportedError
from crossaccount.engine.sealing import Sealing
from crossaccount.engine.values import MASK, has_secret, masked, plain, secret
from crossaccount.engine.yaml_file import read_mapping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.engine.project import Project
    from crossaccount.engine.values import Properties

_STACK_KEYS = frozenset({"config", "encryptionsalt", "secretsprovider", "encryptedkey"})
_REFUSED = ("pulumi:autonaming", "pulumi:disable-default-providers")


@dataclass(frozen=True, slots=True)
class StackConfig:
    """A stack's configuration values, as text by full key (`namespace:key`).

    Args:
        values: the values; objects are JSON text; secrets are readable, and never in the repr.
        secret_keys: the keys whose values are secret, or hold a secret.
        shown: the values for display, each secret in them as `[secret]`.
        salt: the stack file's `encryptionsalt`.
    """

    values: Mapping[str, str] = field(repr=False)
    secret_keys: frozenset[str]
    shown: Mapping[str, str]
    salt: str | None = None

    def of_package(self, package: str) -> Properties:
        """Return the values of one namespace without it, secrets marked."""
        prefix = f"{package}:"
        return {
            key.removeprefix(prefix): secret(value) if key in self.secret_keys else value
            for key, value in self.values.items()
            if key.startswith(prefix)
        }

    def masked(self) -> dict[str, str]:
        """Return the values for display: secrets as `[secret]`, of an object only what is secret in it."""
        return dict(sorted(self.shown.items()))


def load(project: Project, stack: str, passphrase: str | None) -> StackConfig:
    """Read `Pulumi.<stack>.yaml`, and the defaults of `Pulumi.yaml`.

    Raises:
        ProjectError: the stack file is missing or malformed; names file and key.
        SecretsError: it holds secrets and the passphrase is missing or wrong.
        UnsupportedError: it asks for what this engine does not handle.
    """
    path = project.stack_file(stack)
    if not path.is_file():
        known = sorted(file.name[7:-5] for file in path.parent.glob("Pulumi.*.yaml"))
        there = (
            f"the stacks here are {', '.join(f'`{name}`' for name in known)}" if known else "there is none"
        )
        raise ProjectError(f"no stack `{stack}`: `{path.name}` does not exist; {there}")
    document = read_mapping(path)
    strange = sorted(document.keys() - _STACK_KEYS)
    if strange:
        raise UnsupportedError(f"`{path.name}`: key `{strange[0]}` is not handled by this engine")
    if document.get("secretsprovider", "passphrase") != "passphrase":
        raise UnsupportedError(f"`{path.name}`: key `secretsprovider`: only `passphrase` is handled")
    config = document.get("config") or {}
    if not isinstance(config, dict):
        raise ProjectError(f"`{path.name}`: key `config` is not a mapping")
    salt = document.get("encryptionsalt")
    reader = _Reader(project.name, Sealing(salt, passphrase))
    reader.add_defaults(project.config)
    for key, value in config.items():
        reader.add(key, value, path.name)
    return StackConfig(reader.values, frozenset(reader.secret_keys), reader.shown, salt)


class _Reader:
    def __init__(self, project: str, sealing: Sealing) -> None:
        self._project = project
        self._sealing = sealing
        self.values: dict[str, str] = {}
        self.shown: dict[str, str] = {}
        self.secret_keys: set[str] = set()

    def add_defaults(self, config: Mapping[str, Any]) -> None:
        for key, entry in config.items():
            is_declaration = isinstance(entry, dict) and entry.keys() <= {
                "type", "items", "properties", "description", "default", "value", "secret"
            }  # fmt: skip
            if not is_declaration:
                self.add(key, entry, "Pulumi.yaml")
                continue
            value = entry.get("value", entry.get("default"))
            if value is not None:
                self.add(key, value, "Pulumi.yaml")
                if entry.get("secret"):
                    full = self._full(key, "Pulumi.yaml")
                    self.secret_keys.add(full)
                    self.shown[full] = MASK

    def add(self, key: str, value: object, file: str) -> None:
        full = self._full(key, file)
        if full in _REFUSED:
            raise UnsupportedError(f"`{file}`: key `{key}` is not handled by this engine")
        opened = self._open(value, f"`{file}`: key `{key}`")
        self.secret_keys.discard(full)
        if has_secret(opened):
            self.secret_keys.add(full)
        self.values[full] = _text(plain(opened))
        self.shown[full] = _text(masked(opened))

    def _full(self, key: str, file: str) -> str:
        parts = key.split(":")
        if len(parts) == 3 and parts[1] == "config":  # noqa: PLR2004  the old form, namespace:config:key
            parts = [parts[0], parts[2]]
        if len(parts) == 1:
            parts = [self._project, key]
        if len(parts) != 2 or not all(parts):  # noqa: PLR2004  namespace and key
            raise ProjectError(f"`{file}`: key `{key}` is not of the form `namespace:key` or `key`")
        return ":".join(parts)

    def _open(self, value: Any, where: str) -> Any:  # noqa: ANN401  YAML
        if isinstance(value, dict):
            if value.keys() == {"secure"}:
                return secret(self._decrypt(value["secure"], where))
            return {key: self._open(item, where) for key, item in value.items()}
        if isinstance(value, list):
            return [self._open(item, where) for item in value]
        return value

    def _decrypt(self, text: object, where: str) -> str:
        if not isinstance(text, str) or self._sealing.salt is None:
            raise ProjectError(f"{where}: `secure` needs an encrypted text, and `encryptionsalt` in its file")
        return self._sealing.decrypt(text)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, sort_keys=isinstance(value, dict), separators=(",", ":"), ensure_ascii=False)
