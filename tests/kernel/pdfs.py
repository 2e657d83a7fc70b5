"""Small PDFs, whole and valid, with what a test puts into them."""


def pdf(*, objects=(), info=b"", header=b"%PDF-1.7\n", tail=b"\n") -> bytes:
    """A PDF of one empty page; `objects` are added as they are, `info` stands in its dictionary of authorship."""
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
        b"<<" + info + b">>",
        *objects,
    ]
    content, places = header, []
    for number, body in enumerate(bodies, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1) + table
    content += b"trailer\n<</Size %d/Root 1 0 R/Info 4 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(bodies) + 1, start)
    return content + tail
