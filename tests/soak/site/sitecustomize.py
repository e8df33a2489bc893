"""Lets a process of the service meet its end at a chosen write. On PYTHONPATH of a service under test only.

SOAK_PLAN names a folder. A file `plan.json` in it, {"action", "when", "op", "path", "content"}, is taken by the
first process that is about to do (`before`) or has done (`after`) a write that matches: op is replace, rename,
unlink, create or connect, path and content are regular expressions. The action is `kill` (SIGKILL), `stop`
(SIGSTOP) or `report`; in each case the process's number is left in `taken`.
"""

import json
import os
import re
import signal
import socket
import threading
from typing import Any

FOLDER = os.environ.get("SOAK_PLAN", "")
unlink, replace, rename, open_ = os.unlink, os.replace, os.rename, os.open
connect = socket.socket.connect


def meet(when: str, op: str, path: Any, content_of: Any = None) -> None:
    try:
        descriptor = open_(f"{FOLDER}/plan.json", os.O_RDONLY)
    except OSError:
        return
    try:
        plan = json.loads(os.read(descriptor, 4096))
    finally:
        os.close(descriptor)
    if (plan["when"], plan["op"]) != (when, op) or not re.search(plan["path"], str(path)):
        return
    if plan.get("content"):
        try:
            with open(content_of, encoding="utf-8", errors="replace") as file:
                if not re.search(plan["content"], file.read()):
                    return
        except OSError:
            return
    try:
        unlink(f"{FOLDER}/plan.json")
    except FileNotFoundError:
        return  # another process was quicker
    with open(f"{FOLDER}/taking", "w", encoding="ascii") as file:
        file.write(str(os.getpid()))
    replace(f"{FOLDER}/taking", f"{FOLDER}/taken")
    if plan["action"] != "report":
        # To this thread: it would run on for a moment while another one takes a SIGSTOP to the process.
        signal.pthread_kill(threading.get_ident(), signal.SIGKILL if plan["action"] == "kill" else signal.SIGSTOP)


def meeting_replace(source: Any, target: Any, **options: Any) -> None:
    meet("before", "replace", target, source)
    replace(source, target, **options)
    meet("after", "replace", target, target)


def meeting_rename(source: Any, target: Any, **options: Any) -> None:
    meet("before", "rename", target)
    rename(source, target, **options)
    meet("after", "rename", target)


def meeting_unlink(path: Any, **options: Any) -> None:
    meet("before", "unlink", path)
    unlink(path, **options)
    meet("after", "unlink", path)


def meeting_open(path: Any, flags: int, *rest: Any, **options: Any) -> int:
    created = flags & os.O_EXCL and not str(path).endswith(".tmp")
    if created:
        meet("before", "create", path)
    descriptor = open_(path, flags, *rest, **options)
    if created:
        meet("after", "create", path)
    return descriptor


def meeting_connect(self: socket.socket, address: Any) -> None:
    meet("before", "connect", str(address))
    connect(self, address)


if FOLDER:
    for module, name, meeting in (
        (os, "replace", meeting_replace),
        (os, "rename", meeting_rename),
        (os, "unlink", meeting_unlink),
        (os, "open", meeting_open),
        (socket.socket, "connect", meeting_connect),
    ):
        setattr(module, name, meeting)
