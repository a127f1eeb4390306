"""The three walks of docs/architecture, through HTTP: read these tests first."""
