"""What the terminal's programs say to each other, and how: JSON lines over unix sockets."""
