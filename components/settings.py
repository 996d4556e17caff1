"""A stack's configuration as checked values; every error names its key as the stack file writes it.

Keys, all of them `crossaccount:<key>`: `side` (`owner` or `partner`), `account`, `alias`; an owner's
`delegations`; a partner's `users`, `roles`, `grants`. What is wrong is refused all at once, before any
resource and any call.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

from pulumi.runtime import config as stack_config

from components.names import account_alias, account_id, nearest
from components.owner_settings import OwnerSettings, owner_settings
from components.partner_settings import PartnerSettings, partner_settings
from components.problems import RefusedError, joined
from components.setting import PREFIX, Setting, Settings

__all__ = ["OwnerSettings", "PartnerSettings", "of_stack", "read"]

_COMMON = ("side", "account", "alias")
_SIDES = {"owner": ("delegations",), "partner": ("users", "roles", "grants")}


def of_stack(directory: Path) -> OwnerSettings | PartnerSettings:
    """The settings of the stack that Pulumi runs.

    Args:
        directory: where the paths of hand-over files start: the project's folder.

    Raises:
        RefusedError: the configuration is not allowed; a `pulumi.RunError` with every problem.
    """
    values = stack_config.CONFIG.get()
    secret = {key for key in values if stack_config.is_config_secret(key)}
    return read(values, secret, directory)


def read(
    config: Mapping[str, object], secret: Collection[str], directory: Path
) -> OwnerSettings | PartnerSettings:
    """The settings in a configuration; those of other namespaces are left alone.

    Args:
        config: full key (`crossaccount:side`) to value; mappings as JSON text, as Pulumi passes them.
        secret: the full keys that hold a secret; their values are never shown.
        directory: where the paths of hand-over files start.

    Raises:
        RefusedError: with every problem found.
    """
    own = {key.removeprefix(PREFIX): value for key, value in config.items() if key.startswith(PREFIX)}
    settings = Settings({key.removeprefix(PREFIX) for key in secret})
    side = own.get("side")
    account = settings.text(own, "account", account_id)
    alias = settings.text(own, "alias", account_alias) if "alias" in own else None
    if side not in _SIDES:
        given = "is missing" if side is None else f"`{side}` is no side"
        settings.add(joined(PREFIX, ("side",)), f"{given}: write `owner` or `partner`")
    _refuse_unknown(own, side, settings)
    found: OwnerSettings | PartnerSettings | None = None
    given_keys = {key: Setting.of(key, own[key], settings) for key in own if key in _SIDES.get(str(side), ())}
    if side == "owner":
        found = owner_settings(account, alias, given_keys, settings)
    elif side == "partner":
        found = partner_settings(account, alias, given_keys, settings, directory)
    if settings.problems or found is None:
        raise RefusedError("the stack's configuration is refused", settings.problems)
    return found


def _refuse_unknown(own: Mapping[str, object], side: object, settings: Settings) -> None:
    every = [*_COMMON, *(key for keys in _SIDES.values() for key in keys)]
    for key in own:
        belongs = [name for name, keys in _SIDES.items() if key in keys]
        if key not in every:
            settings.add(joined(PREFIX, (key,)), f"unknown key; {nearest(key, every)}")
        elif belongs and side in _SIDES and side not in belongs:
            settings.add(
                joined(PREFIX, (key,)), f"belongs to the side `{belongs[0]}`, this stack is `{side}`"
            )
