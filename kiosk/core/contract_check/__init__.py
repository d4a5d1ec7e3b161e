"""Runs the contract against any visit service and names each clause that fails."""

from kiosk.core.contract_check.checking import Subject, check
from kiosk.core.contract_check.command import main
from kiosk.core.contract_check.findings import Finding

__all__ = ["Finding", "Subject", "check", "main"]
