from django.urls import path, register_converter

from livestream.video import serving
from livestream.video.playlists import NAMES


class RenditionConverter:
    regex = "|".join(NAMES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class FolderConverter(RenditionConverter):
    regex = "[0-9a-f]{32}"


register_converter(RenditionConverter, "rendition")
register_converter(FolderConverter, "folder")

# Addresses in playlists are relative: a folder for the browser as on the disk.
urlpatterns = [
    path("<folder:folder>/master.m3u8", serving.master, name="video-master"),
    path("<folder:folder>/<rendition:rendition>.m3u8", serving.media, name="video-media"),
    path("<folder:folder>/<int:take>/<rendition:rendition>/<int:number>.ts", serving.segment, name="video-segment"),
    path("<folder:folder>/thumbnail.jpg", serving.thumbnail, name="video-thumbnail"),
    path("<folder:folder>/chapters.vtt", serving.chapters, name="video-chapters"),
    path("<folder:folder>/captions.vtt", serving.captions, name="video-captions"),
]
