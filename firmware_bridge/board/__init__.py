"""The terminal board: handset hook, case switch, lights and backlight, over Modbus RTU."""
