from civic.comments.models.comment import Comment
from civic.comments.models.facts import Position
from civic.comments.models.support import Support
from civic.comments.models.thread import Thread

__all__ = ["Comment", "Position", "Support", "Thread"]
