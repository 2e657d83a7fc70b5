"""Due process: what residents ask of moderators, what they are told, and what everybody may read of it."""
