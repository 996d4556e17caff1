"""Pulumi's self-managed backends: a folder, or a bucket, of checkpoints and their history. Only ever read.

Source: Pulumi, "Managing state and backends", and what the CLI 3.250 writes: `.pulumi/meta.yaml`,
`.pulumi/stacks/<project>/<stack>.json`, and for each update `.pulumi/history/<project>/<stack>/` with
`<stack>-<nanoseconds>.checkpoint.json` and `.history.json`; `.gz` behind each where the backend compresses;
no `<project>/` in backends that were made before there were projects in them.
"""
