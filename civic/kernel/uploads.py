"""Files that people send: none, but where a view says how big one may be."""

from io import BytesIO

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class NoUploads(FileUploadHandler):
    """Lets a file that no page asked for run through: Django would write all of it to the disk, of any size."""

    def new_file(self, *args, **kwargs):
        raise SkipFile

    def receive_data_chunk(self, raw_data, start):
        return None

    def file_complete(self, file_size):
        return None


class BoundedUpload(FileUploadHandler):
    """Keeps one file of `most` bytes in memory. Of a bigger one its size alone stays, for the form to say so."""

    def __init__(self, request, *, most: int):
        super().__init__(request)
        self.most = most
        self.has_file = False

    def new_file(self, *args, **kwargs):
        if self.has_file:
            raise SkipFile
        super().new_file(*args, **kwargs)
        self.has_file = True
        self.content = BytesIO()

    def receive_data_chunk(self, raw_data, start):
        if start + len(raw_data) <= self.most:
            self.content.write(raw_data)
        else:
            self.content = BytesIO()

    def file_complete(self, file_size):
        self.content.seek(0)
        return InMemoryUploadedFile(
            self.content, self.field_name, self.file_name, self.content_type, file_size, self.charset
        )


def takes_file(*, most: int):
    """Let a view read one file of at most `most` bytes. Put it right above the view: what wraps it passes it on."""

    def mark(view):
        view.upload_bound = most
        return view

    return mark


class UploadsMiddleware:
    """Opens the way for the file of a view that takes one, before anything reads the form it comes with."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        most = getattr(view, "upload_bound", None)
        if most is not None and request.method == "POST":
            request.upload_handlers = [BoundedUpload(request, most=most)]
