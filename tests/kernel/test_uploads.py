"""Files sent to a view: none where none is asked for, one of a bounded size where one is."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpResponse
from django.test import RequestFactory
from django.views.decorators.http import require_POST

from civic.kernel.caching import private_page
from civic.kernel.uploads import UploadsMiddleware, takes_file

MOST = 100


def read(request):
    return HttpResponse("")


@private_page
@require_POST
@takes_file(most=MOST)
def read_one(request):
    return HttpResponse("")


@pytest.fixture
def sent():
    """The files of a request as the view would find them."""

    def sent(view, **files):
        request = RequestFactory().post("/", files)
        UploadsMiddleware(view).process_view(request, view, (), {})
        return request.FILES

    return sent


def file(size: int, name: str = "plan.pdf"):
    return SimpleUploadedFile(name, b"x" * size)


def test_no_file_reaches_a_view_that_takes_none(sent):
    assert not sent(read, plan=file(3))


def test_a_file_of_the_size_allowed_is_kept_in_memory(sent):
    assert sent(read_one, plan=file(MOST))["plan"].read() == b"x" * MOST


def test_of_a_bigger_file_only_its_size_is_kept(sent):
    kept = sent(read_one, plan=file(70_000))["plan"]
    assert kept.size == 70_000
    assert kept.read() == b""


def test_a_second_file_is_let_through(sent):
    assert list(sent(read_one, plan=file(3), other=file(3))) == ["plan"]


def test_a_name_that_climbs_is_cut_to_its_end(sent):
    assert sent(read_one, plan=file(3, "../../etc/passwd"))["plan"].name == "passwd"


def test_nothing_is_written_to_the_disk(sent, monkeypatch):
    def written(*args, **kwargs):
        raise AssertionError

    monkeypatch.setattr(TemporaryFileUploadHandler, "new_file", written)
    assert sent(read_one, plan=file(MOST))
