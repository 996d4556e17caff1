"""A session as environment variables, and as the lines with which a shell sets them.

Every name that the SDKs, the aliyun CLI, Terraform's and Pulumi's provider read first is set, and what would
lead one of them to another identity is removed: a key of one and a token of the other would not fit.
Source: facts 7.1, "Credential env names".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.session.role_session import RoleSession

_KEYS = (
    ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"),
    ("ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_SECURITY_TOKEN"),
)
SHELLS = ("sh", "fish", "powershell")
CONFLICTING = (
    "ALIBABACLOUD_ACCESS_KEY_ID",
    "ALIBABACLOUD_ACCESS_KEY_SECRET",
    "ALIBABACLOUD_SECURITY_TOKEN",
    "ALIBABA_CLOUD_PROFILE",
    "ALICLOUD_PROFILE",
    "ALIBABA_CLOUD_CREDENTIALS_URI",
    "ALICLOUD_CREDENTIALS_URI",
    "ALIBABA_CLOUD_ROLE_ARN",
    "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
    "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
)
_POWERSHELL_QUOTES = "'\u2018\u2019\u201a\u201b"


def variables(session: RoleSession) -> dict[str, str]:
    """The variables that carry a session."""
    values = (session.access_key_id, session.access_key_secret, session.security_token)
    return {name: value for family in _KEYS for name, value in zip(family, values, strict=True)}


def inside(session: RoleSession, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of a command that runs inside a session."""
    return {name: value for name, value in environ.items() if name not in CONFLICTING} | variables(session)


def exports(session: RoleSession, shell: str, environ: Mapping[str, str]) -> str:
    """The lines that bring a shell into a session.

    Args:
        session: the session.
        shell: one of `SHELLS`.
        environ: the shell's environment: what in it conflicts is unset.
    """
    unset = {"sh": "unset {}", "fish": "set -e {}", "powershell": "Remove-Item Env:{}"}[shell]
    lines = [unset.format(name) for name in CONFLICTING if name in environ]
    return "\n".join(lines + [assignment(shell, name, value) for name, value in variables(session).items()])


def assignment(shell: str, name: str, value: str) -> str:
    """The line with which a shell sets and exports one variable, whatever its value holds.

    Args:
        shell: one of `SHELLS`.
        name: the variable.
        value: its value; the shell expands nothing in it.
    """
    if shell == "fish":
        quoted = value.replace("\\", "\\\\").replace("'", "\\'")
        return f"set -gx {name} '{quoted}'"
    if shell == "powershell":
        quoted = "".join(each * 2 if each in _POWERSHELL_QUOTES else each for each in value)
        return f"$Env:{name} = '{quoted}'"
    quoted = value.replace("'", "'\"'\"'")
    return f"export {name}='{quoted}'"


def shell_of(environ: Mapping[str, str]) -> str:
    """The shell that the user most likely reads the lines with."""
    name = environ.get("SHELL", "").rpartition("/")[2]
    if name == "fish":
        return "fish"
    return (
        "powershell" if name in ("pwsh", "powershell") or (not name and "PSModulePath" in environ) else "sh"
    )


def serving(uri: str, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of a command that asks a credentials URI for its key, and nothing before it.

    Args:
        uri: the address; whoever knows it gets the session.
        environ: the environment to change.
    """
    keys = {name for family in _KEYS for name in family}
    return {
        **{name: value for name, value in environ.items() if name not in keys and name not in CONFLICTING},
        "ALIBABA_CLOUD_CREDENTIALS_URI": uri,
        "ALICLOUD_CREDENTIALS_URI": uri,
        "ALIBABA_CLOUD_CLI_PROFILE_DISABLED": "true",
        "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
    }
