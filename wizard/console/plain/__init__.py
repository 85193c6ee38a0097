"""The second front end: questions and lines, for terminals where a full screen does not suit."""

from wizard.console.plain.asker import Asker, Choice
from wizard.console.plain.front import plain

__all__ = ["Asker", "Choice", "plain"]
