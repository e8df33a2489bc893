"""Reads the configuration from flags, environment, `.env` and defaults, and checks that it is consistent."""

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import fields
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import Any

from app import webhooks
from app.config import Config, ConfigError
from app.settings import setting_of
from app.suggestion import question
from app.values.credentials import NAME, Credentials, credentials
from dalle.limits.prices import Prices

ROWS = [setting_of(field) for field in fields(Config)]
SECRETS = {row.name for row in ROWS if row.secret}
KNOWN = {row.name for row in ROWS} | {f"{name}_FILE" for name in SECRETS} | {row.older for row in ROWS if row.older}
LIBRARY = {"OPENAI_CUSTOM_HEADERS", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"}
"""Variables that the client library of the provider reads by itself."""
EDITORS = ("sensible-editor", "editor", "nano", "vi")
SIMILAR = re.compile("DALL?E", re.IGNORECASE)
"""What the names of settings contain; those that begin with OPENAI_ have neighbours that other programs read."""

_kept: list[Config] = []  # the server's configuration, in a worker of it


def keep(config: Config) -> None:
    """Makes `current` return this configuration, in this process."""
    _kept[:] = [config]


def current() -> Config:
    """Returns the configuration of the server that this process works for, or loads it. Raises ConfigError.

    A worker that starts later than its siblings must not differ from them, nor fail because of a file that is being
    edited.
    """
    return _kept[0] if _kept else load()


def load(
    flags: Mapping[str, str] | None = None, environ: Mapping[str, str] | None = None, dotenv: Path | None = None
) -> Config:
    """Builds the configuration: `flags` (by name, e.g. TB_DALLE_PORT) over `environ` over `.env` over the defaults.

    A secret may come as NAME_FILE, the file that holds it; the key of the provider, where no layer has a word about it,
    from the older server's file (`kept_key`). Raises ConfigError, which names every bad setting.
    """
    kept = kept_key(environ, dotenv, flags)
    values: dict[str, str] = {NAME: kept.key} if kept else {}
    for layer in (dotenv_variables(dotenv), os.environ if environ is None else environ, flags or {}):
        for name in SECRETS:
            if decides(layer, name):
                values |= {name: "", f"{name}_FILE": ""}
        values.update(layer)
    parsed: dict[str, Any] = {}
    complaints = []
    for field in fields(Config):
        try:
            parsed[field.name] = setting_of(field).read(values)
        except ValueError as exc:
            complaints.append(str(exc))
    if not complaints:
        config = Config(**(parsed | {"data_dir": parsed["data_dir"] or default_data_dir()}))
        complaints = inconsistencies(config)
    if complaints:
        raise ConfigError("\n".join(complaints))
    return config


def default_data_dir() -> Path:
    """Returns `$XDG_DATA_HOME/trueblocks/dalle`, or `~/.local/share/trueblocks/dalle`. Raises ConfigError."""
    from platformdirs import user_data_path  # noqa: PLC0415 — a service names its folder

    try:
        path = user_data_path("trueblocks/dalle", appauthor=False)
        known = path.parts[0] != "~"  # older platformdirs return what they cannot expand
    except RuntimeError:
        known = False
    if not known:
        raise ConfigError(
            "the default data folder is not known, because this user has no home folder: "
            "choose one with --data-dir or TB_DALLE_DATA_DIR"
        )
    return path


def decides(layer: Mapping[str, str], secret: str) -> bool:
    """Returns whether a layer has a secret: its NAME, even an empty one, or its NAME_FILE hides both of those below."""
    return secret in layer or bool(layer.get(f"{secret}_FILE", "").strip())


def kept_key(
    environ: Mapping[str, str] | None = None, dotenv: Path | None = None, flags: Mapping[str, str] | None = None
) -> Credentials | None:
    """Returns the older server's file with the key, None where there is none or it does not count.

    It does not where OPENAI_API_KEY or OPENAI_API_KEY_FILE is set, even to nothing: that means the offline artist.
    """
    inherited = os.environ if environ is None else environ
    if any({NAME, f"{NAME}_FILE"} & layer.keys() for layer in (dotenv_variables(dotenv), inherited, flags or {})):
        return None
    return credentials(inherited)


def key_notices(environ: Mapping[str, str] | None = None, dotenv: Path | None = None) -> list[str]:
    """Returns a warning where the key comes from a file that no setting names, or could not be taken from it."""
    kept = kept_key(environ, dotenv)
    if kept and kept.problem:
        return [f"no key is taken from {kept.path}: {kept.problem}"]
    if kept and kept.key:
        return [
            f"the key of the provider comes from {kept.path}, so pictures are paid for: "
            f"set {NAME} to another one, or to nothing for the offline artist"
        ]
    return []


def source(secret: str, environ: Mapping[str, str] | None = None, dotenv: Path | None = None) -> str:
    """Returns where a secret is set, for people; "" if it is nowhere. Raises ConfigError."""
    layers = {"the environment": os.environ if environ is None else environ, ".env": dotenv_variables(dotenv)}
    for place, layer in layers.items():
        if decides(layer, secret):
            file = "" if layer.get(secret, "").strip(" \"'") else layer.get(f"{secret}_FILE", "").strip()
            return f"the file {file} ({secret}_FILE in {place})" if file else f"{secret} in {place}"
    kept = kept_key(environ, dotenv) if secret == NAME else None
    return f"the file {kept.path}" if kept and kept.key else ""


def dotenv_variables(dotenv: Path | None = None) -> dict[str, str]:
    """Returns the variables of the current folder's `.env`, or of another file; none if absent. Raises ConfigError."""
    path = dotenv or Path(".env")
    try:
        # A folder of this name is a virtual environment; a named pipe is how password managers give the file.
        text = path.read_text(encoding="utf-8-sig") if os.path.exists(path) and not os.path.isdir(path) else ""
    except (OSError, UnicodeDecodeError):
        raise ConfigError(f"{path}: expected a readable text file in UTF-8") from None
    if not text:
        return {}
    from dotenv import dotenv_values  # noqa: PLC0415 — most services have no such file

    if complaints := [f"{path}, {complaint}" for complaint in broken_lines(text)]:
        raise ConfigError("\n".join(complaints))
    return {name: value for name, value in dotenv_values(stream=StringIO(text)).items() if value is not None}


def broken_lines(text: str) -> Iterator[str]:
    """Yields a complaint about each line of a `.env` that is meant for a setting, and would be lost."""
    from dotenv.parser import parse_stream  # noqa: PLC0415 — see above

    secrets: dict[str, tuple[str, int]] = {}
    for binding in parse_stream(StringIO(text)):
        written = binding.original.string
        line = binding.original.line + written[: len(written) - len(written.lstrip())].count("\n")
        begin = re.match(r"\s*(?:export\s+)?(\w+)", written)
        name = begin[1] if begin else ""
        if name not in KNOWN:
            continue
        if binding.value is None:
            yield f"line {line}: expected {name}=value, with matching quotes or none"
        elif name.removesuffix("_FILE") in SECRETS:
            value, first = secrets.setdefault(name, (binding.value, line))
            if value != binding.value:
                yield f"line {line}: expected {name} once, and line {first} has another value"


def given(environ: Mapping[str, str] | None = None, dotenv: Path | None = None) -> set[str]:
    """Returns the names of the variables that have a value."""
    variables = {**dotenv_variables(dotenv), **(os.environ if environ is None else environ)}
    return {name for name, value in variables.items() if value.strip()}


def unknown_variables(environ: Mapping[str, str] | None = None, dotenv: Path | None = None) -> list[str]:
    """Returns a warning for each variable that looks like a setting and is none: most often a misspelled one.

    A name that begins with TB_DALLE_ does, whatever its case, and so does one that is nearly a setting's.
    """
    inherited, kept = os.environ if environ is None else environ, dotenv_variables(dotenv)
    warnings = [
        f"{name} in .env is not used: the client library reads it from the environment alone"
        for name in sorted(LIBRARY & kept.keys() - inherited.keys())
    ]
    for name in sorted(name for name in {*inherited, *kept} - KNOWN if SIMILAR.search(name)):
        hint = question(name, KNOWN, closeness=0.85)
        if hint or name.upper().startswith("TB_DALLE_"):
            warnings.append(f"{name} is not a known setting and is ignored{hint}")
    return warnings


def editor() -> str:
    """Returns the command of the user's editor: VISUAL, EDITOR, or one that is installed; "" without any."""
    wanted = os.environ.get("VISUAL", "").strip() or os.environ.get("EDITOR", "").strip()
    return wanted or next((name for name in EDITORS if shutil.which(name)), "")


def keep_data_dir(folder: Path) -> None:
    """Makes this process, and those that it starts, stay on a data folder: the default one depends on the user."""
    os.environ["TB_DALLE_DATA_DIR"] = str(folder)


def move_home(user: str, folder: str) -> None:
    """Gives this process, and those that it starts, another user's home folder."""
    os.environ.update(HOME=folder, USER=user, LOGNAME=user)


def inconsistencies(config: Config) -> list[str]:
    """Returns complaints about settings that are valid alone and contradict each other."""
    complaints = []
    if config.lock_ttl < 1:
        complaints.append(
            f"invalid TB_DALLE_LOCK_TTL={config.lock_ttl:g}s: expected at least 1s, since a run reports once a second"
        )
    if config.longest_run < config.image_timeout:
        complaints.append(
            f"invalid TB_DALLE_RUN_TIMEOUT={config.longest_run:g}s: "
            f"expected at least TB_DALLE_IMAGE_TIMEOUT ({config.image_timeout:g}s)"
        )
    if config.degraded_percent > config.unhealthy_percent:
        complaints.append(
            f"invalid TB_DALLE_DEGRADED_PERCENT={config.degraded_percent:g}: "
            f"expected at most TB_DALLE_UNHEALTHY_PERCENT ({config.unhealthy_percent:g})"
        )
    if config.webhook_url and not config.webhook_secret:
        complaints.append(
            f"invalid TB_DALLE_WEBHOOK_URL={webhooks.masked(config.webhook_url)}: "
            f"expected TB_DALLE_WEBHOOK_SECRET beside it: {webhooks.SECRET}"
        )
    return complaints + unshared(config) + unpriced(config)


def unshared(config: Config) -> list[str]:
    """Returns complaints about what several hosts share: database and bucket belong together."""
    names = {"TB_DALLE_DATABASE_URL": config.database_url, "TB_DALLE_BUCKET_URL": config.bucket_url}
    given = [name for name, url in names.items() if url]
    missing = [name for name, url in names.items() if not url]
    if given and missing:
        return [f"invalid {given[0]}=***: expected {missing[0]} beside it"]
    if given and not all(map(find_spec, ("psycopg", "psycopg_pool", "obstore"))):
        return [f"invalid {given[0]}=***: expected `pip install 'dalleserver[cluster]'` before"]
    return []


def unpriced(config: Config) -> list[str]:
    """Returns complaints about models without a price: a budget in money could not limit them."""
    if not config.daily_budget or not config.pays:
        return []
    prices = Prices(config.prices)
    return [
        f"invalid TB_DALLE_DAILY_BUDGET_USD={config.daily_budget:g}: expected TB_DALLE_PRICES to have a price for a "
        f"picture of {model}; without one TB_DALLE_DAILY_IMAGES can limit it"
        for model in (config.image_model, *config.fallback_models)
        if not prices.knows(model)
    ]
