"""What `firmware-bridge` can be told to do beside running: a module for each command."""
