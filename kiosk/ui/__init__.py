"""The screen: shows what kiosk-core says and tells it what a person touches."""
