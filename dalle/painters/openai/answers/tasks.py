"""Finds tasks: answers that promise a picture, and say where to ask for it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from dalle.painters.openai.answers.fields import joined, members, table
from dalle.painters.openai.answers.urls import Origin, names_a_picture

State = Literal["", "pending", "done", "failed", "blocked"]

MOST_NODES = 200
MOST_DEPTH = 5
LONGEST_ID = 300

STATES: dict[State, frozenset[str]] = {
    "pending": table(
        "queued queueing enqueued pending submitted submitting starting started running processing inprogress "
        "inqueue waiting scheduled notstarted notrunned notready initializing booting validating generating "
        "preparing retrying received dispatched assigned dreaming ongoing working executing progress "
        "delayed throttled taskqueued taskpending taskprocessing taskstatusqueued taskstatusprocessing"
    ),
    "done": table(
        "completed complete succeeded succeed success successful ready done finished ok available generated "
        "tasksucceeded taskstatussucceed partiallysucceeded partialsuccess"
    ),
    "failed": table(
        "failed failure fail error errored cancelled canceled cancelling expired timeout timedout aborted "
        "rejected terminated deleted notfound tasknotfound dead revoked killed stopped incomplete taskfailed "
        "taskstatusfailed"
    ),
    "blocked": table(
        "requestmoderated contentmoderated moderated moderationblocked contentblocked blocked nsfw flagged "
        "censored contentfiltered contentfilter"
    ),
}
"""What dialects call the states of a task, joined: "In Progress" and IN_PROGRESS are "inprogress"."""
PROMISES = table("created accepted active new init initialized")
"""States that may also be those of a picture that is ready: they mean a task only where there is no picture."""
STATE_FIELDS = table("status state taskstatus jobstatus taskstate jobstate phase")
TASK_IDS = table("taskid jobid predictionid generationid inferenceid operationid asyncid")
OTHER_IDS = ("id", "requestid", "uuid", "name")
POLLED = (
    "statusurl", "pollingurl", "pollurl", "taskurl", "joburl", "checkurl", "geturl", "retrieveurl", "fetchresult",
    "fetchurl", "operationurl", "resulturl", "resultsurl", "responseurl",
)  # fmt: skip
"""Fields with a URL to poll; what is asked for its state first stands before what is asked for its result."""
RESULTS = frozenset(["resulturl", "resultsurl", "responseurl", "fetchresult"])
LINKS = {"urls": ("get",), "links": ("status", "self", "result"), "_links": ("status", "self", "result")}
"""Objects with URLs to poll in them."""
COLLECTIONS = {"response": "responses", "prediction": "predictions"}
"""What an object calls itself, and the path below which it is found."""
NOT_TASKS = table("input inputs error errors usage choices candidates logs metrics request")
RESULT_FIELDS = table("data images image choices candidates output outputs artifacts predictions result")


@dataclass
class Task:
    """What an answer says of a task.

    state    the most telling state; "" if none is stated, or one that a ready picture may have too
    promise  whether it has another mark of a task
    id       the best of its ids; `object` is what it calls itself
    urls     named URLs to poll; `results` are those of them that lead to the result
    """

    state: State = ""
    promise: bool = False
    id: str = ""
    object: str = ""
    urls: list[str] = field(default_factory=list)
    results: list[str] = field(default_factory=list)

    def places(self, origin: Origin, location: str = "") -> tuple[str, ...]:
        """Return the URLs to poll, in order."""
        urls = [*self.urls, origin.absolute(location)]
        if self.id:
            paths = [[COLLECTIONS[self.object]]] if self.object in COLLECTIONS else []
            urls += [origin.below(*path, self.id) for path in [*paths, ["tasks"], ["images", "generations"]]]
        return tuple(dict.fromkeys(url for url in urls if url))


def task_in(values: list[Any], origin: Origin) -> Task:
    """Return what the parts of an answer say of a task: of a stream's events the last one counts."""
    last = next((value for value in reversed(values) if isinstance(value, dict | list)), None)
    objects = [(node, _stated(node), is_top) for node, is_top in _objects(last)]
    states = {_state(stated) for _, stated, _ in objects}
    # the wrapper may say "success" of the request, and the task inside it "pending"
    order: tuple[State, ...] = ("pending", "blocked", "failed", "done")
    task = Task(next((state for state in order if state in states), ""))
    ids: dict[int, str] = {}
    for node, stated, is_top in objects:
        task.promise = task.promise or (isinstance(stated, str) and joined(stated) in PROMISES)
        _note_ids(node, task, ids, is_stated=stated is not None, is_top=is_top)
        _note_urls(node, task, origin)
    task.id = ids[min(ids)] if ids else ""
    return task


def _objects(value: Any) -> Iterator[tuple[dict[str, Any], bool]]:
    """Yield the objects in an answer that may be a task, and whether they are the answer itself, or its data."""
    queue: list[tuple[Any, int, bool]] = [(value, 0, True)]
    for node, depth, is_top in queue:
        inner: list[tuple[Any, bool]] = [(item, is_top) for item in node[:1]] if isinstance(node, list) else []
        if isinstance(node, dict):
            yield node, is_top
            inner = [(item, is_top and key == "data") for key, item in members(node) if joined(key) not in NOT_TASKS]
        if depth < MOST_DEPTH and len(queue) < MOST_NODES:
            queue += [(item, depth + 1, top) for item, top in inner if isinstance(item, dict | list)]


def _stated(node: dict[str, Any]) -> Any:
    """Return the state of a task as an object states it, or None."""
    return next((value for key, value in members(node) if _is_state(key, value)), None)


def _is_state(key: str, value: Any) -> bool:
    return (joined(key) in STATE_FIELDS and isinstance(value, str)) or (key == "done" and isinstance(value, bool))


def _state(stated: Any) -> State:
    if isinstance(stated, bool):
        return "done" if stated else "pending"
    return next((state for state, words in STATES.items() if joined(str(stated)) in words), "")


def _note_ids(node: dict[str, Any], task: Task, ids: dict[int, str], *, is_stated: bool, is_top: bool) -> None:
    """Keep the best id: a task's own before any other, and one beside a state before one without."""
    named = {joined(key): value for key, value in members(node)}
    kind = str(named.get("object") or "").lower()
    looks = is_top and (not named.keys() & RESULT_FIELDS if not kind else "task" in kind or "job" in kind)
    for name, value in named.items():
        text = _id(value)
        if text and name in TASK_IDS:
            ids.setdefault(0, text)
            task.promise = True
        elif text and name == "id" and (is_stated or looks):
            ids.setdefault(1 if is_stated else 2, text)
            task.promise = task.promise or looks
            task.object = task.object or kind.rpartition(".")[2]
        elif text and name in OTHER_IDS and (is_stated or (is_top and len(named) == 1)):
            ids.setdefault(2 + OTHER_IDS.index(name), text)
            task.promise = task.promise or not is_stated


def _id(value: Any) -> str:
    text = str(value).strip() if isinstance(value, str) or (type(value) is int and 0 <= value < 10**30) else ""
    return text if len(text) <= LONGEST_ID and any(letter.isalnum() for letter in text) else ""


def _note_urls(node: dict[str, Any], task: Task, origin: Origin) -> None:
    named = {joined(key): value for key, value in members(node)}
    rows = [(name, named[name]) for name in POLLED if name in named]
    for name, keys in LINKS.items():
        links = node.get(name)
        rows += [(key, links.get(key)) for key in keys] if isinstance(links, dict) else []
    for name, value in rows:
        href = value.get("href") if isinstance(value, dict) else value
        url = origin.absolute(href) if isinstance(href, str) else ""
        if not url or names_a_picture(url) or origin.is_own(url) or url in task.urls:
            continue
        task.urls.append(url)
        task.promise = True
        if name in RESULTS:
            task.results.append(url)
