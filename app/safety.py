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
    headers, endpoint = response.headers, request.endpoint
    headers["X-Content-Type-Options"] = "nosniff"
    if endpoint == "images.show":
        return response  # pictures, JSON and plain text, by the thousand
    if endpoint == "files.show":
        headers["Content-Security-Policy"] = FILES
    elif response.mimetype == "text/html":
        headers["Content-Security-Policy"] = PAGES
        headers["Referrer-Policy"] = "same-origin"
    elif endpoint == "static" and "v" in request.args:
        # The address holds a digest of the content.
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
