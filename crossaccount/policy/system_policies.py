"""The system policies of Alibaba Cloud that a delegation meets.

Source: RAM, "System policies" reference pages, one a policy (facts 2). Alibaba Cloud versions them and may
change them.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_READ_ON = "2026-11"


@dataclass(frozen=True, slots=True)
class SystemPolicy:
    """A policy that Alibaba Cloud keeps.

    Attributes:
        name: as it is attached.
        document: its JSON text.
        version: e.g. `v1`.
        updated: its last change as its page says, `YYYY-MM-DD` or `YYYY-MM-DD HH:MM:SS`; None if not known.
        read_on: the month its page was read.
        uncertain: whether only its meaning is sure, and text and version are the obvious ones.
    """

    name: str
    document: str
    version: str
    updated: str | None
    read_on: str = _READ_ON
    uncertain: bool = False


def _allow(*actions: str) -> str:
    listed = ",".join(f'"{action}"' for action in actions)
    return f'{{"Action":[{listed}],"Resource":"*","Effect":"Allow"}}'


def _document(*statements: str) -> str:
    return f'{{"Version":"1","Statement":[{",".join(statements)}]}}'


_FC_FULL = _document(
    '{"Action":"fc:*","Resource":"*","Effect":"Allow"}',
    '{"Action":"ram:PassRole","Resource":"*","Effect":"Allow",'
    '"Condition":{"StringEquals":{"acs:Service":"fc.aliyuncs.com"}}}',
)
_ASSUME_ROLE = _document('{"Action":"sts:AssumeRole","Resource":"*","Effect":"Allow"}')
_RAM_READ = _document(
    _allow("ram:Get*", "ram:List*", "ram:GenerateCredentialReport"),
    '{"Effect":"Allow","Action":["accessanalyzer:Get*","accessanalyzer:List*"],"Resource":"*"}',
)
_FUNCTION_AI = _document(_allow("functionai:Get*", "functionai:List*"))
_ADMINISTRATOR = _document('{"Action":"*","Resource":"*","Effect":"Allow"}')
_RAM_FULL = _document('{"Action":"ram:*","Resource":"*","Effect":"Allow"}')
_FC_LINKED = _document(
    _allow("vpc:DescribeVSwitchAttributes", "vpc:DescribeVpcAttribute"),
    _allow(
        "ecs:CreateNetworkInterface",
        "ecs:DeleteNetworkInterface",
        "ecs:DescribeNetworkInterfaces",
        "ecs:CreateNetworkInterfacePermission",
        "ecs:DeleteNetworkInterfacePermission",
        "ecs:DescribeNetworkInterfacePermissions",
    ),
    _allow(
        "cr:PullRepository",
        "cr:GetArtifactTag",
        "cr:GetAuthorizationToken",
        "cr:GetRepository",
        "cr:GetRepositoryTag",
        "cr:GetRepoTagManifest",
        "cr:GetRepositoryManifest",
        "cr:GetInstanceVpcEndpoint",
        "cr:GetInstance",
        "cr:GetNamespace",
        "cr:GetArtifactBuildRule",
        "cr:CreateArtifactBuildTask",
    ),
    _allow(
        "fc:InvokeFunction",
        "eventbridge:PutEvents",
        "mq:PUB",
        "mq:OnsInstanceBaseInfo",
        "mns:SendMessage",
        "mns:PublishMessage",
        "fnf:ReportTaskSucceeded",
        "fnf:ReportTaskFailed",
    ),
    '{"Action":["log:CreateProject","log:CreateLogStore","log:GetProject","log:GetLogStore",'
    '"log:DeleteProject","log:DeleteLogStore","log:GetLogStoreLogs"],"Resource":'
    '["acs:log:*:*:project/aliyun-fc-*","acs:log:*:*:project/*/logstore/function-log*"],"Effect":"Allow"}',
    _allow("log:PostLogStoreLogs"),
    _allow("ram:GetRole"),
    '{"Effect":"Allow","Action":"ram:DeleteServiceLinkedRole","Resource":"*",'
    '"Condition":{"StringEquals":{"ram:ServiceName":"fc.aliyuncs.com"}}}',
)

_ALL = (
    SystemPolicy("AdministratorAccess", _ADMINISTRATOR, "v1", None, uncertain=True),
    SystemPolicy("AliyunFCFullAccess", _FC_FULL, "v2", "2021-05-07 12:55:13"),
    SystemPolicy("AliyunFCFunctionAIReadOnlyAccess", _FUNCTION_AI, "v1", "2026-03-19", uncertain=True),
    SystemPolicy(
        "AliyunFCInvocationAccess", _document(_allow("fc:InvokeFunction")), "v1", "2017-05-17 10:44:06"
    ),
    SystemPolicy(
        "AliyunFCReadOnlyAccess", _document(_allow("fc:Get*", "fc:List*")), "v1", "2017-05-17 10:44:09"
    ),
    SystemPolicy("AliyunRAMFullAccess", _RAM_FULL, "v1", None, uncertain=True),
    SystemPolicy("AliyunRAMReadOnlyAccess", _RAM_READ, "v3", "2025-12-03"),
    SystemPolicy("AliyunSTSAssumeRoleAccess", _ASSUME_ROLE, "v1", "2017-04-27 16:48:07"),
    SystemPolicy("AliyunServiceRolePolicyForFC", _FC_LINKED, "v1", None, uncertain=True),
)

SYSTEM_POLICIES: Mapping[str, SystemPolicy] = MappingProxyType({each.name: each for each in _ALL})
