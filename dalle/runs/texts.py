"""The words of a run: attributes, texts, and the prompt that a language model may enhance."""

import logging
from collections.abc import Callable
from typing import Any, Protocol

from dalle.errors import Crashed, GenerationError
from dalle.runs.run import Run
from dalle.storage.attempt import Chat
from dalle.storage.blob import Blob, TextKind
from dalle.storage.codec import encode_json
from dalle.storage.protocol import Blobs
from dalle.words import prompts
from dalle.words.library import Library
from dalle.words.selection import Selection, select

log = logging.getLogger(__name__)

WRITTEN: tuple[TextKind, ...] = ("data", "title", "terse", "prompt", "technical")


class Enhanced(Protocol):
    """What a writer returns."""

    @property
    def text(self) -> str: ...


class Writer(Protocol):
    """Enhances prompts; `fingerprint` names prompt and settings, so that a text can be used again."""

    def fingerprint(self, author: str, prompt: str) -> str: ...

    def enhance(self, author: str, prompt: str, deadline: float, note: Callable[[Chat], None]) -> Enhanced:
        """Calls `note` after each call to the language model. Raises GenerationError."""


class Texts:
    """Writes the texts of runs. `writer` None: prompts are not enhanced."""

    def __init__(self, blobs: Blobs, library: Library, writer: Writer | None = None) -> None:
        self._blobs = blobs
        self.library = library
        self._writer = writer

    def compose(self, run: Run) -> tuple[Selection, prompts.Prompts]:
        """Select the attributes and write the texts, which cost nothing and are the same each time."""
        run.enter("setup")
        series = self.library.shelf.get(run.key.series)
        if series is None:
            raise Crashed("the series is not defined any more")
        catalog = self.library.catalog
        selection = select(run.key.address, series, catalog)
        journal = run.journal
        journal.catalog, journal.catalog_sha = catalog.version, catalog.sha256
        journal.series_sha = series.sha256
        run.begin("base_prompts")
        texts = prompts.write(selection)
        with run.mutex:
            journal.dress = describe(selection, texts)
        for kind in WRITTEN:
            with run.filing("write"):
                self._blobs.put(Blob.text(run.key, kind), f"{getattr(texts, kind)}\n".encode())
        with run.filing("write"):
            self._blobs.put(Blob.attributes(run.key), encode_json(journal.dress))
        return selection, texts

    def enhance(self, run: Run, selection: Selection, texts: prompts.Prompts) -> str:
        """Return the prompt in the words of the language model, "" without one; a failure costs only that."""
        if self._writer is None or not selection["litStyle"].present:
            run.journal.enhancement = ""
            run.skip("enhance_prompt")
            return ""
        from dalle.painters.prose import clean  # noqa: PLC0415 — its patterns are a twentieth of the start

        run.enter("enhance_prompt")
        blob = Blob.text(run.key, "enhanced")
        fingerprint = self._writer.fingerprint(texts.author, texts.prompt)
        kept = self._blobs.get(blob) if run.journal.enhancement == fingerprint else None
        try:
            text = clean(kept.decode(errors="replace")) if kept else ""  # older versions kept it as it came
            text = text or self._writer.enhance(texts.author, texts.prompt, run.deadline, run.record.chatted).text
        except GenerationError as exc:
            log.warning("%s %s: painting from the plain prompt: %s", run.journal.run_id, run.key, exc.code)
            run.journal.enhancement = ""
            run.excuse(exc)
            return ""
        with run.filing("write"):
            self._blobs.put(blob, f"{text}\n".encode())
        with run.mutex:
            run.journal.enhancement = fingerprint
            run.journal.dress = {**run.journal.dress, "enhancedPrompt": text}
        return text

    def caption(self, run: Run) -> str:
        """Return the caption of the picture, "" without one."""
        return (self._blobs.get(Blob.text(run.key, "terse")) or b"").decode(errors="replace").strip()


def describe(selection: Selection, texts: prompts.Prompts) -> dict[str, Any]:
    """Return the contract's `dalleDress`, as far as it is known before the picture."""
    return {
        "original": selection.original,
        "fileName": f"{selection.original}.png",
        "seed": selection.seed,
        "series": selection.series,
        "prompt": texts.prompt,
        "dataPrompt": texts.data,
        "titlePrompt": texts.title,
        "tersePrompt": texts.terse,
        "attributes": selection.rows(),
        "seedChunks": [attribute.bytes for attribute in selection],
        "selectedTokens": [attribute.word for attribute in selection],
        "selectedRecords": [attribute.value for attribute in selection],
    }
