"""What pages are made of: the template environment, formats, navigation, the stylesheet. See README.md."""
