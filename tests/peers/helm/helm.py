"""Helm's own engine, by way of helm-python-sdk: lints the chart and prints what it renders, for tests/peers/helm.rs.

    python helm.py CHART [VALUES.yaml]

The first document is what linting found; each other is one that the chart renders, in the order of its files.
"""

import json
import sys

import helm_python as helm

chart, values = sys.argv[1], {}
if len(sys.argv) > 2:
    with open(sys.argv[2], encoding="utf-8") as file:
        values = helm.values_from_yaml(file.read())
report = helm.lint(chart, values, strict=True)
# An icon is recommended and nothing more; anything else counts.
found = [message for message in report["messages"] if message["severity"] > 1]
print(json.dumps(found + report["errors"]))
with helm.Chart.load(chart) as loaded:
    loaded.validate_schema(values)
    rendered = loaded.render(values, name="demo", namespace="registry")
for name in sorted(rendered):
    if name.endswith(".yaml") and rendered[name].strip():
        print("---")
        print(f"# Source: {name}")
        print(rendered[name].strip())
