"""Headers that restrict what browsers do with our responses."""

from flask import Request, Response

from app.web.replies import IMMUTABLE

# The gallery needs nothing but its own files; no inline script or style anywhere.
PAGES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A file that an operator put into the output folder is shown, but cannot run anything.
FILES = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox"


def protect(request: Request, response: Response) -> None:
    """Adds the headers that this response needs."""
    headers, endpoint = response.headers, request.endpoint
    headers.add("X-Content-Type-Options", "nosniff")
    if endpoint == "images.show":
        return  # pictures, JSON and plain text: nearly all responses
    if endpoint == "files.show" and response.status_code < 400:
        headers["Content-Security-Policy"] = FILES
    elif response.mimetype == "text/html":
        headers["Content-Security-Policy"] = PAGES
        headers["Referrer-Policy"] = "same-origin"
    elif endpoint == "static" and request.args.get("v") and response.status_code < 400:
        # The URL contains a digest of the content.
        headers["Cache-Control"] = IMMUTABLE
