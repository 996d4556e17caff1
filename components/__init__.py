"""The ComponentResources of a cross-account delegation, and the only place that imports `pulumi_alicloud`."""
