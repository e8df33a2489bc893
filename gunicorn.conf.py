"""Settings of gunicorn; they live in app/serving.py."""

from app.serving import *  # noqa: F403
