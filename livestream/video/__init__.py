"""The picture and the sound of a sitting: from an encoder to files that browsers play, live and afterwards.

`door.py` lets one encoder in, `encoding.py` has ffmpeg make the files, `playlists.py` says which of them are shown.
"""
