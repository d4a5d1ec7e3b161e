"""The program that owns the terminal's serial devices and tells kiosk-core what they say."""
