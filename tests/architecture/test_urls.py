"""What must not be reachable at all."""

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver, path


def views(resolver) -> list[tuple[str, str]]:
    """(route, module of the view) of everything below."""
    found = []
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            found += views(pattern)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "view_class", pattern.callback)
            found.append((str(pattern.pattern), getattr(view, "__module__", "")))
    return found


def of_django_admin(resolver) -> list[str]:
    return [route for route, module in views(resolver) if module.startswith("django.contrib.admin")]


def test_no_django_admin():
    assert not apps.is_installed("django.contrib.admin")
    assert not of_django_admin(get_resolver())


def test_a_planted_one_is_noticed():
    from django.contrib.admin import sites

    def planted(request):
        """Stands for a page of Django's admin: only its module is looked at."""

    planted.__module__ = sites.__name__

    class Planted:
        url_patterns = (path("admin/", planted),)

    assert of_django_admin(Planted) == ["admin/"]
