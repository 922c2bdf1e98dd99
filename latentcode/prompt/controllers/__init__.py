"""The words for controllers, keys, pads and other instruments."""
