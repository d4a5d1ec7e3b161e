"""Tests of firmware-bridge."""
