"""The visit terminal: a supervised video visit, from the card to the goodbye."""

RELEASE = "0.1.0"
