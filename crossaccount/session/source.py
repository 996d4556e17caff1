"""Whose credentials open a session: the standard chain, decided without loading an SDK.

The order is that of `alibabacloud-credentials`: the environment's key, OIDC, the aliyun CLI's profile, the
shared credentials file, then the URI that the environment names, and last the ECS metadata service. Unlike
there, what is present and broken is an error: falling through would call as somebody else.

Source: documentation of the Alibaba Cloud Credentials tool for Python, "default credential chain".
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from crossaccount.session.errors import ErrorKind, SessionError
from crossaccount.session.key import Key

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY_ID, SECRET, TOKEN = (
    "ALIBABA_CLOUD_ACCESS_KEY_ID",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    "ALIBABA_CLOUD_SECURITY_TOKEN",
)
PROFILE, URI = "ALIBABA_CLOUD_PROFILE", "ALIBABA_CLOUD_CREDENTIALS_URI"
_OIDC = ("ALIBABA_CLOUD_ROLE_ARN", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ALIBABA_CLOUD_OIDC_TOKEN_FILE")
_STORED = ("access_key_id", "access_key_secret", "sts_token", "sts_expiration")
_OWN_KEY = ("AK", "StsToken", "RamRoleArn")
_LARGEST = 4 * 1024 * 1024


class SourceKind(Enum):
    """Where in the chain a source is."""

    ENVIRONMENT = "environment"
    OIDC = "oidc"
    PROFILE = "profile"
    CREDENTIALS_FILE = "credentials file"
    URI = "credentials uri"
    ECS = "ecs metadata"
    GIVEN = "given"


@dataclass(frozen=True, slots=True)
class Source:
    """One source of credentials.

    Attributes:
        kind: where in the chain it is.
        told: what messages call it.
        identity: what its sessions are cached under; None where only asking the source can tell.
        key: its key, where no call is needed to have it.
        settings: a profile's content; not shown.
        profiles: the profiles by name that a chained one may name; not shown.
    """

    kind: SourceKind
    told: str
    identity: str | None
    key: Key | None = None
    settings: Mapping[str, Any] = field(default_factory=dict, repr=False)
    profiles: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)


def find_source(profile: str | None = None, environ: Mapping[str, str] | None = None) -> Source:
    """The first source of the chain that is present.

    Args:
        profile: a profile of the aliyun CLI's configuration, instead of the chain.
        environ: the environment; the process's by default.

    Raises:
        SessionError: of kind CREDENTIALS: a source is present and unusable, or the profile is not there.
    """
    environ = os.environ if environ is None else environ
    if profile is not None:
        return _profile(profile, environ, asked=True)
    if environ.get(KEY_ID) or environ.get(SECRET):
        return _environment(environ)
    if all(environ.get(name) for name in _OIDC):
        told = f"the OIDC role `{environ[_OIDC[0]]}`"
        return Source(SourceKind.OIDC, told, "oidc:" + _digest([environ[name] for name in _OIDC]))
    configured = _configured(environ)
    if configured is not None:
        return configured
    if environ.get(URI):
        return Source(SourceKind.URI, f"the credentials URI of `{URI}`", None)
    if environ.get("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "").lower() == "true":
        raise SessionError(
            ErrorKind.CREDENTIALS,
            "there are no credentials to call with",
            f"set `{KEY_ID}` and `{SECRET}`, or make a profile with `aliyun configure`",
        )
    return Source(SourceKind.ECS, "the role of this ECS instance", None)


def config_file(environ: Mapping[str, str] | None = None) -> str:
    """Where the aliyun CLI keeps its profiles."""
    home = (environ or os.environ).get("HOME") or os.path.expanduser("~")
    return os.path.join(home, ".aliyun", "config.json")


def read_profiles(path: str) -> dict[str, Any]:
    """The aliyun CLI's configuration; empty where there is none.

    Raises:
        SessionError: of kind CREDENTIALS: it cannot be read, or is no such configuration.
    """
    try:
        with open(path, "rb") as file:
            document = json.loads(file.read(_LARGEST))
    except FileNotFoundError:
        return {}
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        raise SessionError(ErrorKind.CREDENTIALS, f"`{path}` cannot be read: {reason}") from error
    except ValueError:
        document = None
    profiles = document.get("profiles", []) if isinstance(document, dict) else None
    if not isinstance(profiles, list) or not all(isinstance(each, dict) for each in profiles):
        raise SessionError(
            ErrorKind.CREDENTIALS,
            f"`{path}` is no configuration of the aliyun CLI",
            f"mend it, or set `{KEY_ID}` and `{SECRET}`",
        )
    found: dict[str, Any] = document
    return found


def _environment(environ: Mapping[str, str]) -> Source:
    key_id, secret = environ.get(KEY_ID), environ.get(SECRET)
    if not key_id or not secret:
        there, missing = (KEY_ID, SECRET) if key_id else (SECRET, KEY_ID)
        raise SessionError(
            ErrorKind.CREDENTIALS, f"`{there}` is set and `{missing}` is not", "set both or none"
        )
    key = Key(key_id, secret, environ.get(TOKEN) or None)
    return Source(SourceKind.ENVIRONMENT, f"the environment's access key `{key_id}`", f"key:{key_id}", key)


def _configured(environ: Mapping[str, str]) -> Source | None:
    """The source that a file in the home directory tells of, if there is one."""
    if environ.get("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "").lower() != "true":
        document = read_profiles(config_file(environ))
        named = environ.get(PROFILE) or str(document.get("current") or "")
        if named and document.get("profiles"):
            return _profile(named, environ, asked=bool(environ.get(PROFILE)))
    home = environ.get("HOME") or os.path.expanduser("~")
    shared = environ.get("ALIBABA_CLOUD_CREDENTIALS_FILE") or os.path.join(
        home, ".alibabacloud", "credentials.ini"
    )
    if not os.path.isfile(shared):
        return None
    try:
        with open(shared, "rb") as file:
            content = file.read(_LARGEST)
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        raise SessionError(ErrorKind.CREDENTIALS, f"`{shared}` cannot be read: {reason}") from error
    chosen = environ.get(PROFILE) or "default"
    identity = "file:" + _digest([content.decode(errors="replace"), chosen])
    return Source(SourceKind.CREDENTIALS_FILE, f"profile `{chosen}` of `{shared}`", identity)


def _profile(name: str, environ: Mapping[str, str], *, asked: bool) -> Source:
    path = config_file(environ)
    document = read_profiles(path)
    profiles = {str(each.get("name")): each for each in document.get("profiles", [])}
    if name not in profiles:
        known = ", ".join(f"`{each}`" for each in profiles) or "none"
        what = f"there is no profile `{name}` in `{path}`"
        why = "" if asked else " though it is the current one"
        raise SessionError(ErrorKind.CREDENTIALS, what + why, f"known are {known}")
    chain = _chain(name, profiles)
    told = f"profile `{name}` of `{path}`"
    settings = profiles[name]
    if settings.get("mode") in ("AK", "StsToken"):
        key = _stored_key(settings, told)
        return Source(SourceKind.PROFILE, told, f"key:{key.key_id}", key, settings)
    if settings.get("mode") in ("EcsRamRole", "CredentialsURI"):
        return Source(SourceKind.PROFILE, told, None, settings=settings)
    lasting = [{k: v for k, v in each.items() if _lasts(k, each)} for each in chain]
    return Source(
        SourceKind.PROFILE, told, "profile:" + _digest(lasting), settings=settings, profiles=profiles
    )


def _chain(name: str, profiles: Mapping[str, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The profile and those it is chained to."""
    chain: list[Mapping[str, Any]] = []
    seen: set[str] = set()
    while name:
        if name in seen or name not in profiles:
            wrong = (
                "is chained to itself" if name in seen else "is not there, though another is chained to it"
            )
            raise SessionError(
                ErrorKind.CREDENTIALS, f"profile `{name}` {wrong}", "mend its `source_profile`"
            )
        seen.add(name)
        chain.append(profiles[name])
        chained = profiles[name].get("mode") == "ChainableRamRoleArn"
        name = str(profiles[name].get("source_profile") or "") if chained else ""
    _refuse_itself(chain)
    return chain


def _refuse_itself(chain: list[Mapping[str, Any]]) -> None:
    for each in chain:
        words = str(each.get("process_command") or "").split()
        if each.get("mode") == "External" and "assume" in words and "crossaccount" in words[0]:
            raise SessionError(
                ErrorKind.CREDENTIALS,
                f"profile `{each.get('name')}` runs `crossaccount assume`, which would go on calling itself",
                "name the profile that the role is assumed with: `--profile NAME`",
            )


def _stored_key(settings: Mapping[str, Any], told: str) -> Key:
    key_id, secret = settings.get("access_key_id"), settings.get("access_key_secret")
    token = settings.get("sts_token") if settings.get("mode") == "StsToken" else None
    if not key_id or not secret or (settings.get("mode") == "StsToken" and not token):
        raise SessionError(ErrorKind.CREDENTIALS, f"{told} lacks its key", "run `aliyun configure` for it")
    return Key(str(key_id), str(secret), str(token) if token else None)


def _lasts(field_name: str, settings: Mapping[str, Any]) -> bool:
    """Whether a field says who a profile is, rather than what a tool last stored there."""
    return field_name not in _STORED or (field_name == "access_key_id" and settings.get("mode") in _OWN_KEY)


def _digest(parts: object) -> str:
    return sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
