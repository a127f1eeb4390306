"""Keeps the site's processes together on one machine; standard library only (see `__main__.py`)."""
