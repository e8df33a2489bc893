"""`dalleserver webhooks`: what was not delivered, and the receiver."""

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import click

from app.client import exits, options, terminal
from app.client.data_folder import check_folder
from app.client.target import configuration
from app.commands.group import Suggesting
from app.config import Config
from app.wiring import studio_settings, webhook_settings
from dalle.engines import open_storage
from dalle.storage.event import Event, Parcel
from dalle.storage.protocol import Outbox
from dalle.webhooks.announcer import NOTHING
from dalle.webhooks.delivery import Delivery, rfc3339
from dalle.webhooks.sending import Answer


@dataclass(frozen=True, slots=True)
class Row:
    """An event that was not delivered, and its state."""

    parcel: Parcel
    event: Event
    given_up: bool

    @property
    def fields(self) -> dict[str, Any]:
        """What --json prints; times as RFC 3339 writes them."""
        data = self.event.data
        return {
            "id": self.event.id,
            "type": self.event.type,
            "timestamp": rfc3339(self.event.time_ns),
            "series": str(data.get("series", "")),
            "address": str(data.get("address", "")),
            "state": "failed" if self.given_up else "waiting",
            "attempts": self.parcel.attempts,
            "status": self.parcel.status,
            "due": "" if self.given_up or not self.parcel.due_ns else rfc3339(self.parcel.due_ns),
        }

    @property
    def line(self) -> tuple[str, ...]:
        fields, now = self.fields, time.time()
        of = f"{fields['series']} {terminal.short_address(fields['address'])}" if fields["series"] else ""
        state = "not taken in the end" if self.given_up else "waits"
        if not self.given_up and self.parcel.due_ns / 1e9 > now:
            state = f"next attempt in {terminal.time_left(self.parcel.due_ns / 1e9 - now)}"
        if self.parcel.attempts:
            answer = f"HTTP {self.parcel.status}" if self.parcel.status else "no answer"
            state = f"{state}; {terminal.count(self.parcel.attempts, 'attempt')}, {answer}"
        return self.event.id, self.event.type, of, terminal.time_left(now - self.event.time_ns / 1e9), state


@click.group(cls=Suggesting)
def webhooks() -> None:
    """List, repeat and try what is sent to a receiver."""


@webhooks.command("list")
@options.data_dir
@options.as_json
def list_(data_dir: str | None, as_json: bool) -> None:
    """List the events that were not delivered yet.

    Those that wait come first, the next one on top, then those that the receiver did not take in the end.

    \b
    Examples:
      dalleserver webhooks list
      dalleserver webhooks list --json

    Exit codes: 0 listed, even if there are none; 5 the data folder does not exist, or cannot be read.
    """
    config = configuration(data_dir)
    check_folder(config)
    rows = list(undelivered(open_storage(studio_settings(config)).outbox))
    if as_json:
        terminal.emit([row.fields for row in rows])
    elif rows:
        terminal.table([row.line for row in rows], ("id", "event", "of", "since", "state"), wrapped=True)
    else:
        terminal.remark("Every event was delivered.")


@webhooks.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@options.data_dir
def retry(ids: tuple[str, ...], data_dir: str | None) -> None:
    """Send events again at once, those that were given up too.

    Without an ID all of them. A receiver that said that it is gone is asked again.

    \b
    Examples:
      dalleserver webhooks retry
      dalleserver webhooks retry --data-dir data

    Exit codes: 0 all were taken; 1 the receiver did not take one; 2 no receiver is set; 3 no such event; 5 the data
    folder cannot be used.
    """
    config = configuration(data_dir)
    delivery, outbox = courier(config)
    check_folder(config)
    delivery.endpoint.reset()
    if not outbox.retry(ids) and ids:
        raise exits.Stop(f"no event {' '.join(ids)} is to be delivered", exits.NOT_FOUND)
    while delivery.deliver():
        pass
    left = [row for row in undelivered(outbox) if not ids or row.event.id in ids]
    if left:
        state = delivery.endpoint.read()
        answer = Answer(state.status, state.reason).shown or "an attempt is on its way"
        raise exits.Stop(f"{terminal.count(len(left), 'event')} not delivered: {answer}", exits.FAILED)
    terminal.remark("Every event was delivered.")


@webhooks.command()
@options.data_dir
def test(data_dir: str | None) -> None:
    """Send one event of the type webhook.test, and print the answer.

    \b
    Example:
      dalleserver webhooks test

    Exit codes: 0 the receiver took it; 1 it did not; 2 no receiver is set.
    """
    delivery, _ = courier(configuration(data_dir))
    event = Event(f"msg_{secrets.token_hex(16)}", "webhook.test", time.time_ns(), NOTHING)
    began = time.monotonic()
    answer = delivery.send(event)
    click.echo(f"{answer.shown} after {(time.monotonic() - began) * 1000:.0f} ms")
    raise SystemExit(exits.DONE if answer.is_good else exits.FAILED)


def courier(config: Config) -> tuple[Delivery, Outbox]:
    """Returns what delivers, and what from. Raises Stop without a receiver."""
    settings = webhook_settings(config)
    if settings is None:
        raise exits.Stop("no receiver is set: see TB_DALLE_WEBHOOK_URL", exits.MISUSED)
    storage = open_storage(studio_settings(config))
    return Delivery(storage, settings), storage.outbox


def undelivered(outbox: Outbox) -> Iterator[Row]:
    """Yields what waits and what was given up; what is gone meanwhile, or no event, is left out."""
    for given_up, parcels in ((False, outbox.waiting()), (True, outbox.given_up())):
        for parcel in parcels:
            if event := outbox.read(parcel):
                yield Row(parcel, event, given_up)
