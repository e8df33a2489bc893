"""What a service asks for beside the paid calls, and whether its key goes along."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tests.kit.stub import API_KEY

Calls = Sequence[dict[str, Any]]


class Gets(Protocol):
    def check(self, calls: Calls) -> None:
        """Raises AssertionError unless these GETs, in the order of their arrival, are as they must be."""


@dataclass(frozen=True)
class AnyGets:
    """Whatever it takes; the key goes to nobody but the API's own host."""

    def check(self, calls: Calls) -> None:
        for call in calls:
            assert call["headers"]["host"].startswith("127.0.0.1") or not has_key(call), call["target"]


@dataclass(frozen=True)
class Downloads:
    """GETs of pictures that are answered with these statuses, and no more once the picture is there.

    keys  for each, whether the key goes along
    ends  what the URL ends with, as it is sent
    """

    statuses: tuple[int, ...]
    keys: tuple[bool, ...] = ()
    ends: str = ""

    def check(self, calls: Calls) -> None:
        gets = [call for call in calls if call["path"] == "pictures"]
        assert tuple(call["status"] for call in gets) == self.statuses
        if self.keys:
            assert tuple(has_key(call) for call in gets) == self.keys
        assert all(call["target"].endswith(self.ends) for call in gets)
        AnyGets().check(calls)


@dataclass(frozen=True)
class Questions:
    """GETs of a task at a path that begins so, and their least number; the key goes along."""

    begins: str
    least: int = 1

    def check(self, calls: Calls) -> None:
        gets = [call for call in calls if call["path"] == "tasks"]
        assert len(gets) >= self.least
        assert all(call["target"].startswith(self.begins) for call in gets)
        assert all(has_key(call) for call in gets)


@dataclass(frozen=True)
class Nothing:
    """No GET at all."""

    def check(self, calls: Calls) -> None:
        assert [call["target"] for call in calls] == []


def has_key(call: dict[str, Any]) -> bool:
    return any(API_KEY in value for value in call["headers"].values()) or API_KEY in call["target"]
