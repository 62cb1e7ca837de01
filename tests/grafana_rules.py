"""Writes the expressions of the Grafana dashboard as recording rules, which promtool can check."""

import json
from pathlib import Path

DASHBOARD = Path(__file__).parents[1] / "deploy" / "grafana" / "linkwatch.json"

if __name__ == "__main__":
    targets = [target for panel in json.loads(DASHBOARD.read_text("utf-8"))["panels"] for target in panel["targets"]]
    rules = [{"record": f"panel:{number}", "expr": target["expr"]} for number, target in enumerate(targets)]
    print(json.dumps({"groups": [{"name": "panels", "rules": rules}]}))  # noqa: T201  # JSON is YAML
