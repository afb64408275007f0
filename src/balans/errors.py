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


class SourceError(BalansError):
    """A source could not be reached or answered in a way that cannot be used; what is stored did not change."""


class DownloadError(SourceError):
    """A download was interrupted; the pages that did arrive are good and kept for the next try."""


class SourceSilentError(DownloadError):
    """The source did not answer at all; asking it for another table makes no sense now."""


class TableGoneError(SourceError):
    """The source does not have the table (any more)."""


class TopicError(SourceError):
    """A topic, unit or category is not as ``definitions/sources.yml`` says; the message lists candidates."""


class RequestError(BalansError):
    """A regiocheck or scenario that cannot be computed as asked; in Dutch, because its readers make policy."""
