"""The embedded default visit service: whole contract, family's page, officer's page, sample people.

For the demo, the tests and a desk trial; a terminal's release leaves it out.
"""
