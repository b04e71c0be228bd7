"""Where a server finds the application."""

from elearn.app import create_app

app = create_app()
