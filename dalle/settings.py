"""What an operator decides about a studio."""

from dataclasses import dataclass, field
from pathlib import Path

from dalle.painters.openai.settings import ProviderSettings
from dalle.runs.settings import RunSettings
from dalle.webhooks.settings import WebhookSettings
from dalle.words.orientation import Orientation


@dataclass(frozen=True, kw_only=True)
class SharedSettings:
    """Where several hosts keep what they share.

    database, bucket  URLs
    cache_bytes  of pictures in the data folder of a host
    connections  to the database, of a process
    """

    database: str = field(repr=False)
    bucket: str = field(repr=False)
    cache_bytes: int = 2_000_000_000
    connections: int = 16


@dataclass(frozen=True, kw_only=True)
class StudioSettings:
    """All settings, by part.

    shared     None: everything is in the data folder, for one host
    catalog    version of the word databases; "": the data folder's, or the newest
    databases  a folder with other word databases
    jobs       runs at once in this process; 0: other processes on the same data folder do the work
    queue      open runs over all workers
    provider   None: the offline artist paints
    webhooks   None: nothing is reported to others
    orientation  of every picture; None: as its words suggest
    fallback   whether the offline artist paints while the provider is away
    """

    data_dir: Path
    shared: SharedSettings | None = None
    catalog: str = ""
    databases: Path | None = None
    jobs: int = 2
    queue: int = 200
    runs: RunSettings = field(default_factory=RunSettings)
    provider: ProviderSettings | None = None
    orientation: Orientation | None = None
    fallback: bool = False
    webhooks: WebhookSettings | None = None
