"""Importing a large library without the parts of it that are not used here."""

import contextlib
import gc
import importlib
import sys
import types
from collections.abc import Iterable, Iterator
from typing import Any


class Later(types.ModuleType):
    """Stands for a module, which is imported when something of it is first asked for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__path__":  # what looks through all modules asks for these
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


@contextlib.contextmanager
def sparing(later: Iterable[str] = (), without: Iterable[str] = ()) -> Iterator[None]:
    """Meanwhile what is imported has the modules `later` only when it uses them, and the optional ones `without` not at
    all; who imports them afterwards has them as always, and what is imported already stays. Python's collector of
    garbage rests: it would look through each new class again and again."""
    stand_ins: dict[str, Later | None] = {name: Later(name) for name in later} | dict.fromkeys(without)
    ours = {name: module for name, module in stand_ins.items() if name not in sys.modules}
    collecting = gc.isenabled()
    sys.modules.update(ours)  # type: ignore[arg-type]  # None: importing it is an ImportError
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
        for name, module in ours.items():
            if name in sys.modules and sys.modules[name] is module:
                del sys.modules[name]
