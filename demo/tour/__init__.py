"""A walk through every page type in a real browser: what to see (stops, rows), and how (site, camera, album)."""
