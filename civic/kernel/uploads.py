from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class NoUploads(FileUploadHandler):
    """Lets a file that no page asked for run through: Django would write all of it to the disk, of any size."""

    def new_file(self, *args, **kwargs):
        raise SkipFile

    def receive_data_chunk(self, raw_data, start):
        return None

    def file_complete(self, file_size):
        return None
