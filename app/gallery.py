"""The gallery: `/preview`, `/runs`."""

from flask import Blueprint, Response, render_template

from app import replies

blueprint = Blueprint("gallery", __name__)


@blueprint.get("/preview")
def preview() -> str:
    output = replies.studio().store.output
    series = {}
    for folder in sorted(output.glob("*/annotated")):
        pictures = sorted(folder.glob("0x*.png"), key=lambda path: -path.stat().st_mtime)
        if pictures:
            series[folder.parent.name] = [path.stem for path in pictures]
    return render_template("preview.html", series=series)


@blueprint.get("/runs")
def runs() -> Response:
    found = replies.studio().runs()
    return replies.envelope({"runs": found, "count": len(found)})
