"""What a proclaimed result looks like: stored outcomes turned into sentences, tables and shapes for templates."""
