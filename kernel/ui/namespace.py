"""The global ``ui`` of all templates: every macro of ``jinja2/ui/*.html`` by its name.

A macro that names ``csrf_input`` or ``request`` among its arguments gets it from the page's context when the caller
does not pass it; otherwise macros see only what they are given, and never query.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jinja2
from jinja2.runtime import Context, Macro

FROM_CONTEXT = ("csrf_input", "request")


class Components:
    """``ui.button(…)`` finds the macro ``button`` in whichever component file defines it."""

    def __init__(self, environment: jinja2.Environment) -> None:
        self._environment = environment
        self._files: dict[str, str] = {}
        self._calls: dict[str, Callable[..., Any]] = {}

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith(("_", "jinja")):
            raise AttributeError(name)
        call = self._calls.get(name)
        if call is None or self._environment.auto_reload:
            call = self._calls[name] = self._bind(name)
        return call

    def _bind(self, name: str) -> Callable[..., Any]:
        macro = getattr(self._environment.get_template(self._file(name)).module, name)
        wanted = [argument for argument in FROM_CONTEXT if argument in macro.arguments]
        if not wanted:
            return macro

        @jinja2.pass_context
        def call(context: Context, *args: Any, **kwargs: Any) -> Any:
            for argument in wanted:
                position = macro.arguments.index(argument)
                if argument not in kwargs and len(args) <= position and argument in context:
                    kwargs[argument] = context[argument]
            return macro(*args, **kwargs)

        return call

    def _file(self, name: str) -> str:
        if name not in self._files:
            for component, macros in component_macros(self._environment).items():
                for macro in macros:
                    path = f"ui/{component}.html"
                    if self._files.setdefault(macro, path) != path:
                        raise jinja2.TemplateRuntimeError(f"two components define ui.{macro}")
        if name not in self._files:
            raise AttributeError(f"no component defines ui.{name}")
        return self._files[name]


def component_macros(environment: jinja2.Environment) -> dict[str, list[str]]:
    """Component file → names of its macros."""
    found: dict[str, list[str]] = {}
    for template in environment.list_templates(extensions=["html"]):
        if template.startswith("ui/"):
            module = environment.get_template(template).module
            macros = [name for name, thing in vars(module).items() if isinstance(thing, Macro)]
            found[template.removeprefix("ui/").removesuffix(".html")] = macros
    return found
