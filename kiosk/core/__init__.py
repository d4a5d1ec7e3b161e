"""kiosk-core: runs the rules of the visit, alone talks to the visit service, tells the others what to do."""
