"""The wire between the programs, on real sockets and real processes."""
