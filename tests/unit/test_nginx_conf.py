"""The configuration of nginx for several hosts: that for one, without what reads pictures from a disk."""

import re
import runpy

from tests.kit.repository import ROOT

FOLDER = ROOT / "deploy" / "nginx"


def test_is_as_the_script_writes_it() -> None:
    script = runpy.run_path(str(ROOT / "scripts" / "nginx_for_hosts.py"))
    source = (FOLDER / "dalleserver.conf").read_text(encoding="utf-8")
    assert (FOLDER / "dalleserver-cluster.conf").read_text(encoding="utf-8") == script["for_hosts"](source)


def test_reads_nothing_but_static_files_from_a_disk() -> None:
    text = (FOLDER / "dalleserver-cluster.conf").read_text(encoding="utf-8")
    assert set(re.findall(r"^ +try_files (\S+)", text, re.MULTILINE)) == {"$dalle_asset", "/.none"}
    assert set(re.findall(r"^ +root (\S+);", text, re.MULTILINE)) == {"/var/empty", "/usr/share/dalleserver/static"}
