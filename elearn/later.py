"""What is made only when it is first asked for, so that a start does not wait for what it may never need."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

import click
from flask.cli import AppGroup

Maker = Callable[[], Any]


class Extensions(dict[str, Any]):
    """An application's extensions, some of them made at their first use, once."""

    def __init__(self, **makers: Maker) -> None:
        super().__init__()
        self._makers = makers
        self._lock = threading.RLock()

    def __missing__(self, name: str) -> Any:
        with self._lock:
            if name not in self:
                self[name] = self._makers[name]()
            return self[name]


class Commands(AppGroup):
    """An application's commands, loaded when one is called or listed; a web server calls none."""

    def __init__(self, load: Callable[[], Iterable[click.Command]]) -> None:
        super().__init__()
        self._load: Callable[[], Iterable[click.Command]] | None = load

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name."""
        self._require_loaded()
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all."""
        self._require_loaded()
        return super().list_commands(ctx)

    def _require_loaded(self) -> None:
        load, self._load = self._load, None
        for command in load() if load else ():
            self.add_command(command)
