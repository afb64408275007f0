"""A local CBS: a server on 127.0.0.1 that speaks the wire format of the open data service, and its faults."""
