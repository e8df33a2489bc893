"""A setting is a row: name, default, parser and one sentence. A parser names what it expected in its ValueError."""

import dataclasses
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.suggestion import nearest
from app.values.secrets import secret_in, secret_of_file, unquoted
from dalle.limits.prices import Prices

Translation = Callable[[str, Mapping[str, str]], str]

UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `default` is text, parsed like any other value.

    older      what the older server calls it: that name counts where NAME is not set
    translate  of its value under that name, and all settings: ours
    """

    name: str
    default: str
    parse: Callable[[str], Any]
    sentence: str
    secret: bool = False
    show: Callable[[str], str] = str
    older: str = ""
    translate: Translation = lambda value, _values: value

    def shown(self, value: object) -> str:
        """Returns a value, as text or parsed, for messages: without the secrets in it."""
        return "***" if self.secret and value else self.show(str(value))

    def read(self, values: Mapping[str, str]) -> Any:
        """Returns the parsed value: NAME's, for a secret else the content of the file NAME_FILE, else the default.

        Raises ValueError with the whole complaint: the wrong value and what was expected.
        """
        text = values.get(self.name, "").strip()
        if self.older and self.name not in values and (given := values.get(self.older, "").strip()):
            return complaining(f"{self.older}={given}", lambda: self.parse(self.translate(unquoted(given), values)))
        if self.secret:
            return self.read_secret(text, values.get(f"{self.name}_FILE", ""))
        return complaining(f"{self.name}={self.shown(text)}", lambda: self.parse(unquoted(text) or self.default))

    def read_secret(self, text: str, file: str) -> Any:
        """Returns the secret of a variable or of the file that another one names. Raises ValueError."""
        secret = complaining(f"{self.name}=***", lambda: self.parse(secret_in(self.name, text) or self.default))
        is_key = file.strip(" \"'").startswith(("sk-", "whsec_"))  # in the wrong variable: not to be shown
        source = f"{self.name}_FILE={'***' if is_key else file.strip()}"
        if not (path := complaining(source, lambda: unquoted(file))):
            return secret
        kept = complaining(source, lambda: self.parse(secret_of_file(self.name, path)))
        if secret and secret != kept:
            both = f"{self.name} is set beside it to another key"
            raise ValueError(f"invalid {source}: expected only one of the two, and {both}: remove the wrong one")
        return kept


def complaining(source: str, read: Callable[[], Any]) -> Any:
    """Returns what `read` returns. Raises ValueError with the source of the value and what was expected."""
    try:
        return read()
    except ValueError as exc:
        raise ValueError(f"invalid {source}: expected {exc}") from None


def setting(
    name: str,
    default: str,
    parse: Callable[[str], Any],
    sentence: str,
    *,
    secret: bool = False,
    show: Callable[[str], str] = str,
    older: str = "",
    translate: Translation = lambda value, _values: value,
) -> Any:
    """Declares a field of Config; `show` returns a value without the secrets in it."""
    row = Setting(name, default, parse, sentence, secret, show, older, translate)
    return dataclasses.field(metadata={"setting": row})


def setting_of(field: dataclasses.Field[Any]) -> Setting:
    """Returns the setting that a field of Config was declared with."""
    row: Setting = field.metadata["setting"]
    return row


def text(value: str) -> str:
    return value


def represented(config: Any) -> str:
    """Returns all settings of a configuration, as `repr` does, without the secrets in them."""
    values = {field.name: getattr(config, field.name) for field in dataclasses.fields(config)}
    for field in dataclasses.fields(config):
        row = setting_of(field)
        if row.secret or row.show is not str:
            values[field.name] = row.shown(values[field.name])
    return f"{type(config).__name__}({', '.join(f'{name}={value!r}' for name, value in values.items())})"


def secret(value: str) -> str:
    if any(not "!" <= letter <= "~" for letter in value):
        raise ValueError("printable ASCII without spaces")
    return value


def words(value: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in value.split(",") if word.strip())


def switch(value: str) -> bool:
    if value.lower() in ("1", "true", "yes", "on"):
        return True
    if value.lower() in ("0", "false", "no", "off"):
        return False
    raise ValueError("1 or 0")


def whole(value: str, least: int, most: int, expected: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", value) or not least <= int(value) <= most:
        raise ValueError(expected)
    return int(value)


def port(value: str) -> int:
    return whole(value.removeprefix(":"), 1, 65535, "a port number from 1 to 65535")


def count(value: str) -> int:
    return whole(value, 0, 10**18, "a whole number, 0 or more")


def positive(value: str) -> int:
    return whole(value, 1, 10**6, "a whole number, 1 or more")


def number(value: str) -> float:
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,12})?", value):
        raise ValueError("a number, 0 or more")
    return float(value)


def percent(value: str) -> float:
    try:
        parsed = number(value)
    except ValueError:
        parsed = 101
    if parsed > 100:
        raise ValueError("a number from 0 to 100")
    return parsed


def duration(value: str) -> float:
    """Seconds from `5m`, `30s`, `1h30m`, `300ms`; a bare 0 is 0."""
    if value == "0":
        return 0.0
    if not re.fullmatch(r"([0-9]{1,9}(\.[0-9]{1,3})?(ms|s|m|h))+", value):
        raise ValueError("a duration such as 5m, 30s, 1h30m or 300ms")
    return sum(float(amount) * UNITS[unit] for amount, _, unit in re.findall(r"([0-9]+(\.[0-9]+)?)(ms|s|m|h)", value))


def span(value: str) -> float:
    """A duration that is not 0: a call without time would be paid for, and its answer never read."""
    seconds = duration(value)
    if not seconds:
        raise ValueError("a duration longer than 0, such as 5m, 30s, 1h30m or 300ms")
    return seconds


def choice(*options: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value.lower() not in options:
            raise ValueError("one of " + ", ".join(option or "nothing" for option in options))
        return value.lower()

    return parse


def resembling(*known: str) -> Callable[[str], str]:
    """A known word, or one of a provider's own: only what is nearly a known one is refused, as a slip."""

    def parse(value: str) -> str:
        if value.lower() in known:
            return value.lower()
        if meant := nearest(value, known):
            raise ValueError(f"{meant}; a value of the provider's own can be sent by TB_DALLE_IMAGE_PARAMS")
        return value

    return parse


def older_quality(value: str, values: Mapping[str, str]) -> str:
    """The older server's two qualities, which are those of DALL·E, as the later image models call them."""
    if values.get("TB_DALLE_IMAGE_MODEL", "").lower().startswith("dall-e"):
        return value
    return {"standard": "medium", "hd": "high"}.get(value.lower(), value)


def size(value: str) -> str:
    if value and not re.fullmatch(r"[1-9][0-9]{1,4}x[1-9][0-9]{1,4}", value):
        raise ValueError("a size such as 1024x1024, or nothing")
    return value


def version(value: str) -> str:
    if value and not re.fullmatch(r"v[0-9]+(\.[0-9]+)*", value):
        raise ValueError("a version such as v1, or nothing")
    return value


def json_object(value: str) -> Mapping[str, Any]:
    try:
        parsed = json.loads(value)
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        raise ValueError('a JSON object such as {"background": "opaque"}')
    return parsed


def folder(value: str) -> Path | None:
    try:
        return Path(value).expanduser().absolute() if value else None
    except RuntimeError:
        raise ValueError("a path without ~: the home folder is not known") from None


def optional_folder(value: str) -> Path | None:
    path = folder(value)
    if path and not path.is_dir():
        raise ValueError("an existing folder, or nothing")
    return path


def prices(value: str) -> Path | None:
    path = folder(value)
    try:
        Prices(path)
    except (OSError, ValueError, TypeError, AttributeError) as exc:
        raise ValueError(f"a JSON file in the format of the price table, or nothing ({exc})") from None
    return path
