"""What the `dalleserver` command can do, one module a command; `app.cli` puts them together.

exits, terminal and options are what they share; a desk (`desk`, `remote`) is where pictures are asked for: this
process or a server.
"""
