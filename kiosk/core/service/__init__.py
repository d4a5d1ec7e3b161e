"""The client's side of the contract with the visit service."""
