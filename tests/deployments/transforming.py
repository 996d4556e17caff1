"""A program whose transforms change properties and options, for both engines."""

TRANSFORMING = """import pulumi
import pulumi_alicloud as alicloud

Opts = pulumi.ResourceOptions
pulumi.export("account", pulumi.Config("crossaccount").require("account"))


def mark(text):
    def transform(args):
        if args.type_ != "alicloud:ram/group:Group":
            return None
        props = {**args.props, "comments": pulumi.Output.concat(args.props.get("comments", ""), text)}
        return pulumi.ResourceTransformResult(props, args.opts)
    return transform


class Team(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("test:index:Team", name, {}, opts)
        self.group = alicloud.ram.Group(name, group_name=name, opts=Opts(parent=self, transforms=[mark("1")]))


early = alicloud.ram.Group("early", group_name="early")


def options(args):
    more = Opts(depends_on=[early], ignore_changes=["comments"], replace_on_changes=["force"],
                delete_before_replace=True, additional_secret_outputs=["comments"])
    return pulumi.ResourceTransformResult(args.props, Opts.merge(args.opts, more))


def without_description(args):
    return pulumi.ResourceTransformResult(
        {key: each for key, each in args.props.items() if key != "description"}, args.opts)


trust = '{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":["fc.aliyuncs.com"]}}],"Version":"1"}'
alicloud.ram.Group("opted", group_name="opted", comments="EDIT", opts=Opts(transforms=[options]))
alicloud.ram.Role("bare", role_name="bare", assume_role_policy_document=trust, description=early.group_name,
                  opts=Opts(transforms=[without_description], protect=False, retain_on_delete=False))
pulumi.runtime.register_resource_transform(mark("3"))
team = Team("team", Opts(transforms=[mark("2")]))
alicloud.ram.Group("late", group_name="late", comments=pulumi.Output.secret("hidden "))
alicloud.ram.RolePolicyAttachment("read", role_name="bare", policy_type="System",
    policy_name="AliyunFCReadOnlyAccess", opts=Opts(depends_on=[team]))
"""  # noqa: E501  JSON in one line
