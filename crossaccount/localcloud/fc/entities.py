"""The Function Compute resources: 3.0 functions, 2.0 services and their functions, and what hangs on them.

Both live in regions, and a name is unique inside its region (3.0) or its service (2.0). Configuration is
kept as the JSON that was sent; only what the service itself makes (ids, times, code size and checksum) has
fields. Times are UTC texts. Versions and aliases belong to a function in 3.0 and to a service in 2.0.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Code:
    """A function's code package.

    Attributes:
        size: bytes.
        checksum: CRC-64/ECMA as a decimal string.
    """

    size: int = 0
    checksum: str = "0"


@dataclass(slots=True)
class Version:
    """A published version.

    Attributes:
        version_id: `1`, `2`, ...; never used twice.
        description: free text.
        created: when it was published.
        content: the function or service as it was then, without versions, aliases and triggers.
    """

    version_id: str
    description: str
    created: str
    content: Function | Service


@dataclass(slots=True)
class Alias:
    """A name for a version.

    Attributes:
        name: as a function's name.
        settings: `versionId`, `description` and what else was sent.
        created: when it was made.
        modified: when it was last changed.
    """

    name: str
    settings: dict[str, Any]
    created: str
    modified: str


@dataclass(slots=True)
class Trigger:
    """What may start a function; here it never does by itself.

    Attributes:
        name: as a function's name, up to 128 characters.
        trigger_id: UUID.
        settings: the configuration, by the API's field names.
        created: when it was made.
        modified: when it was last changed.
    """

    name: str
    trigger_id: str
    settings: dict[str, Any]
    created: str
    modified: str


@dataclass(slots=True)
class Published:
    """The versions and aliases of a function (3.0) or a service (2.0).

    Attributes:
        versions: by id.
        aliases: by name.
        next_version: the number the next version gets.
    """

    versions: dict[str, Version] = field(default_factory=dict)
    aliases: dict[str, Alias] = field(default_factory=dict)
    next_version: int = 1


@dataclass(slots=True)
class Function:
    """A function of either generation.

    Attributes:
        name: 1 to 64 letters, digits, `_`, `-`, beginning with a letter or `_`.
        function_id: UUID.
        settings: the configuration, by the API's field names.
        code: size and checksum of the code package.
        created: when it was made.
        modified: when it was last changed.
        published: versions and aliases, in 3.0.
        triggers: by name.
        configs: concurrency, provision and asynchronous settings of 3.0: kind, then qualifier.
    """

    name: str
    function_id: str
    settings: dict[str, Any]
    code: Code
    created: str
    modified: str
    published: Published = field(default_factory=Published)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    configs: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)

    def copied(self) -> Function:
        """The function as a version keeps it."""
        settings = copy.deepcopy(self.settings)
        return replace(self, settings=settings, published=Published(), triggers={}, configs={})


@dataclass(slots=True)
class Service:
    """A 2.0 service.

    Attributes:
        name: as a function's name.
        service_id: UUID.
        settings: the configuration, by the API's field names.
        created: when it was made.
        modified: when it was last changed.
        functions: its functions by name.
        published: versions and aliases.
    """

    name: str
    service_id: str
    settings: dict[str, Any]
    created: str
    modified: str
    functions: dict[str, Function] = field(default_factory=dict)
    published: Published = field(default_factory=Published)

    def copied(self) -> Service:
        """The service with its functions as a version keeps it."""
        functions = {name: function.copied() for name, function in self.functions.items()}
        settings = copy.deepcopy(self.settings)
        return replace(self, settings=settings, functions=functions, published=Published())


@dataclass(slots=True)
class Region:
    """What one account has in one region.

    Attributes:
        functions: 3.0 functions by name.
        services: 2.0 services by name.
    """

    functions: dict[str, Function] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
