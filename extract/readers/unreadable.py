"""The one error of readers: why bytes cannot be read, and what a person can do about it."""


class UnreadableError(Exception):
    """Bytes that no reader can read: a code, one sentence what they are, one what to do."""

    def __init__(self, code: str, message: str, what_to_do: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.what_to_do = what_to_do
