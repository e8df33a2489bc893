"""Headers that keep browsers from doing with our answers what was not meant."""

from flask import Flask, Response, request

# The gallery needs nothing but its own files; no inline script or style anywhere.
PAGES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A file that somebody put into the output folder is shown, and runs nothing.
FILES = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox"


def register(app: Flask) -> None:
    app.after_request(protect)


def protect(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    if request.endpoint == "files.show":
        response.headers.setdefault("Content-Security-Policy", FILES)
    elif response.mimetype == "text/html":
        response.headers.setdefault("Content-Security-Policy", PAGES)
        response.headers.setdefault("Referrer-Policy", "same-origin")
    elif request.endpoint == "static" and "v" in request.args:
        # The address holds a digest of the content.
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
