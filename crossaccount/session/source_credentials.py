"""The key of a source that only the SDK's providers can tell: OIDC, chained profiles, ECS, a URI."""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from crossaccount.session.errors import ErrorKind, SessionError
from crossaccount.session.key import Key
from crossaccount.session.source import SourceKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from crossaccount.session.source import Source

_SWITCH = "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS"
_ADVICE = {
    SourceKind.OIDC: "look at the role, the OIDC provider and the token file that the environment names",
    SourceKind.PROFILE: "try it with `aliyun sts GetCallerIdentity --profile NAME`",
    SourceKind.CREDENTIALS_FILE: "look at the profile in that file",
    SourceKind.URI: "look at whether the service behind it runs and answers `Code: Success`",
    SourceKind.ECS: (
        "outside ECS, set `ALIBABA_CLOUD_ACCESS_KEY_ID` and `ALIBABA_CLOUD_ACCESS_KEY_SECRET`, "
        "or make a profile with `aliyun configure`"
    ),
}


def source_key(source: Source) -> Key:
    """The key of a source, asked for now.

    Raises:
        SessionError: of kind CREDENTIALS: the source gives none.
    """
    if source.key is not None:
        return source.key
    try:
        with _silent():
            found = _provider(source).get_credentials()
            key_id, secret = found.get_access_key_id(), found.get_access_key_secret()
            token = found.get_security_token()
    except SessionError:
        raise
    except Exception as error:  # noqa: BLE001  the SDK raises many kinds
        # The SDK's own text may hold what a process or a service printed, secrets included.
        raise SessionError(
            ErrorKind.CREDENTIALS,
            f"{source.told} gives no credentials ({type(error).__name__})",
            _ADVICE[source.kind],
        ) from None
    if not key_id or not secret:
        raise SessionError(ErrorKind.CREDENTIALS, f"{source.told} gives an empty key", _ADVICE[source.kind])
    return Key(key_id, secret, token or None)


def _provider(source: Source) -> Any:  # noqa: ANN401  the SDK has no types
    from alibabacloud_credentials import provider  # noqa: PLC0415  slow to load

    made: dict[SourceKind, Callable[[], Any]] = {
        SourceKind.OIDC: provider.OIDCRoleArnCredentialsProvider,
        SourceKind.CREDENTIALS_FILE: provider.ProfileCredentialsProvider,
        SourceKind.URI: provider.URLCredentialsProvider,
        SourceKind.ECS: lambda: provider.EcsRamRoleCredentialsProvider(async_update_enabled=False),
        SourceKind.PROFILE: lambda: _of_profile(source, source.settings),
    }
    return made[source.kind]()


def _of_profile(source: Source, settings: Mapping[str, Any]) -> Any:  # noqa: ANN401  the SDK has no types
    mode = str(settings.get("mode"))
    if mode == "ChainableRamRoleArn":
        return _chained(source, settings)
    make = _MODES.get(mode)
    if make is None:
        raise SessionError(
            ErrorKind.CREDENTIALS,
            f"profile `{settings.get('name')}` has mode `{mode}`, which gives no key to sign with",
            "name another one with `--profile`",
        )
    if mode in ("External", "CredentialsURI") and os.environ.get(_SWITCH, "").lower() in ("1", "true"):
        raise SessionError(
            ErrorKind.CREDENTIALS,
            f"profile `{settings.get('name')}` has mode `{mode}`, and `{_SWITCH}` forbids it",
            "unset that variable, or name another profile with `--profile`",
        )
    from alibabacloud_credentials import provider  # noqa: PLC0415  slow to load

    return make(provider, settings)


def _chained(source: Source, settings: Mapping[str, Any]) -> Any:  # noqa: ANN401  the SDK has no types
    from alibabacloud_credentials import provider  # noqa: PLC0415  slow to load

    return provider.RamRoleArnCredentialsProvider(
        credentials_provider=_of_profile(source, source.profiles[str(settings.get("source_profile"))]),
        role_arn=settings.get("ram_role_arn"),
        role_session_name=settings.get("ram_session_name"),
        duration_seconds=settings.get("expired_seconds"),
        policy=settings.get("policy"),
        external_id=settings.get("external_id"),
        sts_region_id=settings.get("sts_region"),
    )


def _external(_provider: Any, settings: Mapping[str, Any]) -> Any:  # noqa: ANN401  the SDK has no types
    # Not through the SDK's profile reader: that writes the session's keys back into the configuration.
    from alibabacloud_credentials.provider.external import ExternalCredentialsProvider  # noqa: PLC0415

    return ExternalCredentialsProvider(process_command=settings.get("process_command"))


def _by_name(provider: Any, settings: Mapping[str, Any]) -> Any:  # noqa: ANN401  the SDK has no types
    return provider.CLIProfileCredentialsProvider(profile_name=settings.get("name"))


_MODES: dict[str, Callable[[Any, Mapping[str, Any]], Any]] = {
    "AK": lambda provider, settings: provider.StaticAKCredentialsProvider(
        access_key_id=settings.get("access_key_id"), access_key_secret=settings.get("access_key_secret")
    ),
    "StsToken": lambda provider, settings: provider.StaticSTSCredentialsProvider(
        access_key_id=settings.get("access_key_id"),
        access_key_secret=settings.get("access_key_secret"),
        security_token=settings.get("sts_token"),
    ),
    "EcsRamRole": lambda provider, settings: provider.EcsRamRoleCredentialsProvider(
        role_name=settings.get("ram_role_name"), async_update_enabled=False
    ),
    "CredentialsURI": lambda provider, settings: provider.URLCredentialsProvider(
        uri=settings.get("credentials_uri")
    ),
    "External": _external,
    "RamRoleArn": _by_name,
    "OIDC": _by_name,
    "CloudSSO": _by_name,
    "OAuth": _by_name,
}


@contextmanager
def _silent() -> Iterator[None]:
    """The SDK logs what it was answered, secrets included, to standard error: not while we ask."""
    logger = logging.getLogger("credentials")
    before = logger.disabled
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = before
