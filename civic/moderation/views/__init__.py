"""Pages of moderators: the queue, a case, what is decided there, alone or for many at once."""
