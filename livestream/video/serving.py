"""Playlists, segments and thumbnails over HTTP. Each is asked about again: what is hidden is not there.

In production the front server sends the segments (`VIDEO_ACCEL` names the place where it finds them); on one's own
machine Django does, with the ranges that some players ask for (RFC 9110, 14).
"""

import re
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from livestream.models import Recording, Sitting
from livestream.models.caption import shown_captions
from livestream.models.recording import with_picture
from livestream.video import playlists, webvtt
from livestream.video.picture import Picture
from livestream.video.webvtt import Cue

HLS = "application/vnd.apple.mpegurl"
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
# Seconds. A playlist grows with each segment; a segment never changes, but what is cut out must be gone in a minute.
OF_PLAYLIST, OF_SEGMENT = 1, 60


def _recording(folder: str) -> Recording:
    # Before it is opened nothing of a sitting is shown, and nobody learns whether there is a recording.
    sittings = with_picture(Sitting.objects.filter(opened_at__isnull=False))
    return get_object_or_404(sittings, recording__folder=folder).recording


@require_safe
def master(request: HttpRequest, folder: str) -> HttpResponseBase:
    recording = _recording(folder)
    return _playlist(playlists.master(recording.path, recording.hidden))


@require_safe
def media(request: HttpRequest, folder: str, rendition: str) -> HttpResponseBase:
    recording = _recording(folder)
    segments = recording.shown(rendition)
    content = playlists.media(segments, rendition, is_over=recording.is_over, cut_out=recording.cut_out)
    return _playlist(content)


@require_safe
def segment(request: HttpRequest, folder: str, take: int, rendition: str, number: int) -> HttpResponseBase:
    recording = _recording(folder)
    shown = playlists.shown(recording.path, rendition, recording.hidden)
    wanted = next((each for each in shown if (each.take, each.number) == (take, number)), None)
    if wanted is None:
        raise Http404
    return _file(request, recording.path / wanted.path(rendition), "video/mp2t")


@require_safe
def thumbnail(request: HttpRequest, folder: str) -> HttpResponseBase:
    recording = _recording(folder)
    path = recording.thumbnail
    if path is None:
        raise Http404
    return _file(request, path, "image/jpeg")


@require_safe
def chapters(request: HttpRequest, folder: str) -> HttpResponseBase:
    """The items as chapters, which some players offer in a menu."""
    recording = _recording(folder)
    picture = Picture(recording, tuple(recording.sitting.items.with_state()))
    cues = [Cue(chapter.begins, chapter.ends, str(chapter.item)) for chapter in picture.chapters]
    return _text(cues)


@require_safe
def captions(request: HttpRequest, folder: str) -> HttpResponseBase:
    return _text(shown_captions(_recording(folder)))


def _playlist(content: str) -> HttpResponseBase:
    return _kept(HttpResponse(content, content_type=HLS), OF_PLAYLIST)


def _text(cues: Sequence[Cue]) -> HttpResponseBase:
    return _kept(HttpResponse(webvtt.write(cues), content_type="text/vtt"), OF_SEGMENT)


def _file(request: HttpRequest, path: Path, kind: str) -> HttpResponseBase:
    if settings.VIDEO_ACCEL:
        response: HttpResponseBase = HttpResponse(content_type=kind)
        response["X-Accel-Redirect"] = settings.VIDEO_ACCEL + str(path.relative_to(settings.VIDEO_DIR))
    else:
        response = _part(path, request.headers.get("Range", ""), kind)
        response["Accept-Ranges"] = "bytes"
        # Sound and picture are compressed already, and no range would fit what were compressed again.
        response["Content-Encoding"] = "identity"
    return _kept(response, OF_SEGMENT)


def _part(path: Path, asked: str, kind: str) -> HttpResponseBase:
    """The file, or the one range of it that is asked for; several at once get the whole, which is always right."""
    size = path.stat().st_size
    found = RANGE.fullmatch(asked)
    if not found or found[0] == "bytes=-":
        return FileResponse(path.open("rb"), content_type=kind)
    first, last = found[1], found[2]
    begin = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    if begin > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    with path.open("rb") as file:
        file.seek(begin)
        response = HttpResponse(file.read(end - begin + 1), status=206, content_type=kind)
    response["Content-Range"] = f"bytes {begin}-{end}/{size}"
    return response


def _kept(response: HttpResponseBase, seconds: int) -> HttpResponseBase:
    """The same for everyone."""
    response["Cache-Control"] = f"public, max-age={seconds}"
    return response
