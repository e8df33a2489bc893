"""The sums of what calls cost."""

import json
from pathlib import Path

from tests.kit.data_folder import DataFolder
from tests.unit.app.commands.conftest import Call


def test_sums_up_costs(call: Call, data: Path) -> None:
    day = 86_400 * 10**9
    calls = [
        {"sentNs": 20_000 * day, "outcome": "accepted", "cost": 0.2, "paid": True, "series": "a", "model": "m"},
        {"sentNs": 20_001 * day, "outcome": "accepted", "cost": 0.1, "paid": True, "series": "a", "model": "m"},
        {"sentNs": 20_001 * day, "outcome": "refused", "cost": 0, "paid": True, "series": "b", "errorCode": "X"},
        {"sentNs": 20_001 * day, "outcome": "unknown", "estimate": 0.3, "cost": 0, "paid": True, "series": "b"},
        {"sentNs": 20_001 * day, "outcome": "accepted", "cost": 0.05, "paid": True, "series": "b", "kind": "chat"},
    ]
    log = DataFolder(data).calls
    log.parent.mkdir(parents=True)
    log.write_text("".join(json.dumps(one) + "\n" for one in calls) + '{"sentNs": 1, "torn')
    by_day = json.loads(call("costs", "--json").stdout)
    assert [(row["day"], row["calls"], row["usd"], row["atRisk"]) for row in by_day] == [
        ("2024-10-04", 1, 0.2, 0),
        ("2024-10-05", 4, 0.15, 0.3),
    ]
    (late,) = json.loads(call("costs", "--since", "2024-10-05", "--by", "month", "--json").stdout)
    assert (late["month"], late["accepted"], late["refused"], late["unknown"]) == ("2024-10", 2, 1, 1)
    assert [row["series"] for row in json.loads(call("costs", "--by", "series", "--json").stdout)] == ["a", "b"]
    by_kind = json.loads(call("costs", "--by", "kind", "--json").stdout)
    assert [(row["kind"], row["calls"], row["usd"]) for row in by_kind] == [("chat", 1, 0.05), ("image", 4, 0.3)]
    assert json.loads(call("costs", "--since", "7d", "--json").stdout) == []
    assert "0.350" in call("costs").stdout.splitlines()[-1]
    assert call("costs", "--since", "yesterday").exit_code == 2


def test_calls_the_offline_artist_by_its_name(call: Call, data: Path) -> None:
    sketch = {"sentNs": 1, "outcome": "accepted", "painter": "sketch", "model": "sketch-2", "size": "1024x1024"}
    DataFolder(data).calls.parent.mkdir(parents=True)
    DataFolder(data).calls.write_text(json.dumps(sketch) + "\n")
    (row,) = json.loads(call("costs", "--by", "model", "--json").stdout)
    assert row["model"] == "offline artist 1024x1024"
