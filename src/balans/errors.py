"""Errors that a reader of the terminal can act on: what was wrong, where, what to do."""


class BalansError(Exception):
    """Base of every error that the command line shows as one message instead of a traceback."""


class DefinitionError(BalansError):
    """A file in ``definitions/`` does not say what its schema asks for."""


class RawDataError(BalansError):
    """A file in ``data/raw/`` is missing, changed or not readable."""


class UnknownKeyError(BalansError):
    """A region, indicator, year or parameter that does not exist; the message names what does."""


class PublishError(BalansError):
    """A page or the site could not be made; the last good site is still there."""


class RequestError(BalansError):
    """A regiocheck or scenario that cannot be computed as asked; in Dutch, because its readers make policy."""
