"""Headers that keep browsers from doing with our answers what was not meant."""

from flask import Request, Response

# The gallery needs nothing but its own files; no inline script or style anywhere.
PAGES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A file that somebody put into the output folder is shown, and runs nothing.
FILES = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox"


def protect(asked: Request, response: Response) -> None:
    """Add the headers that this answer needs."""
    headers, endpoint = response.headers, asked.endpoint
    headers.add("X-Content-Type-Options", "nosniff")
    if endpoint == "images.show":
        return  # pictures, JSON and plain text, by the thousand
    if endpoint == "files.show":
        headers["Content-Security-Policy"] = FILES
    elif response.mimetype == "text/html":
        headers["Content-Security-Policy"] = PAGES
        headers["Referrer-Policy"] = "same-origin"
    elif endpoint == "static" and "v" in asked.args and response.status_code < 400:
        # The address holds a digest of the content.
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
