"""What a seed may say, as checked values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping


class SeedError(ValueError):
    """A seed that cannot be planted.

    Attributes:
        problems: what is wrong, each with its place, e.g. "accounts[0].roles[1]: ...".
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class SeedKey(_Part):
    """An access key; what is not given is made.

    Attributes:
        id: the access key id.
        secret: its secret.
    """

    id: str | None = Field(None, min_length=16, max_length=128, pattern=r"^[A-Za-z0-9]+$")
    secret: str | None = Field(None, min_length=8, max_length=128, repr=False)


class SeedPolicy(_Part):
    """A custom policy; `document` is the policy itself or its JSON text."""

    name: str
    document: dict[str, Any] | str
    description: str | None = None


class SeedRole(_Part):
    """A role; `trust` is its trust policy, `policies` are names of system and custom policies."""

    name: str
    trust: dict[str, Any] | str
    description: str | None = None
    maxSessionDuration: int | None = None  # noqa: N815  the file's spelling
    policies: list[str] = []
    tags: dict[str, str] = {}


class SeedGroup(_Part):
    """A user group."""

    name: str
    comments: str | None = None
    policies: list[str] = []


class SeedUser(_Part):
    """A user, with its groups by name."""

    name: str
    displayName: str | None = None  # noqa: N815  the file's spelling
    comments: str | None = None
    groups: list[str] = []
    policies: list[str] = []
    accessKeys: list[SeedKey] = Field([], max_length=2)  # noqa: N815  the file's spelling


class SeedFunction(BaseModel):
    """A function of Function Compute 3.0: the fields of CreateFunction, and the region it lies in."""

    model_config = ConfigDict(extra="allow", frozen=True)

    region: str | None = None
    functionName: str  # noqa: N815  the API's spelling


class SeedOidcProvider(_Part):
    """An OIDC identity provider with its public signing keys."""

    name: str
    issuerUrl: str  # noqa: N815  the file's spelling
    clientIds: list[str]  # noqa: N815  the file's spelling
    jwks: dict[str, Any] | None = None


class SeedSamlProvider(_Part):
    """A SAML identity provider with its metadata document, as XML text."""

    name: str
    metadata: str


class SeedAccount(_Part):
    """An account, new or there already, and what is to be in it."""

    id: str = Field(pattern=r"^[0-9]{16}$")
    alias: str | None = None
    rootKey: SeedKey | None = None  # noqa: N815  the file's spelling
    policies: list[SeedPolicy] = []
    groups: list[SeedGroup] = []
    users: list[SeedUser] = []
    roles: list[SeedRole] = []
    functions: list[SeedFunction] = []
    oidcProviders: list[SeedOidcProvider] = []  # noqa: N815  the file's spelling
    samlProviders: list[SeedSamlProvider] = []  # noqa: N815  the file's spelling


class Seed(_Part):
    """A whole seed."""

    accounts: list[SeedAccount]


def read_seed(document: str | Mapping[str, Any]) -> Seed:
    """A seed, checked in form; whether it fits the cloud is found out when it is planted.

    Raises:
        SeedError: no YAML, a field that is missing, unknown or of the wrong type: all of them at once.
    """
    if isinstance(document, str):
        try:
            document = yaml.safe_load(document)
        except yaml.YAMLError as error:
            raise SeedError([f"the seed is no YAML: {error}"]) from None
    try:
        return Seed.model_validate(document)
    except ValidationError as error:
        raise SeedError([_told(each["loc"], each["msg"]) for each in error.errors()]) from None


def _told(place: tuple[int | str, ...], message: str) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")
    return f"{path or 'the seed'}: {message[:1].lower()}{message[1:]}"
