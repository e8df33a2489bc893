"""The commands of `dalleserver`, one module each; `app.cli` lists them, and `app.client` has what they share."""
