"""Forms of the order pages: they read what people type and say what is unreadable; rules are the services' matter."""
