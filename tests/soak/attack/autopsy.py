"""What a process that hangs is doing."""

import shutil
import subprocess
from pathlib import Path


def autopsy(pid: int) -> str:
    """Where the threads of a process are; its Python frames too, where py-spy is installed."""
    found = [f"{path.parent.name}: {path.read_text()}" for path in Path(f"/proc/{pid}/task").glob("*/wchan")]
    if spy := shutil.which("py-spy"):
        found.append(
            subprocess.run([spy, "dump", "--pid", str(pid)], capture_output=True, text=True, check=False).stdout
        )
    return "\n".join(found)
