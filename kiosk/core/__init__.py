"""kiosk-core: runs the rules, alone talks to the visit service, tells the others what to do."""
