from django.template import Context, Template
from django.utils import translation


def test_an_element_is_marked_with_its_stream_and_the_head_it_was_rendered_at(stream, say):
    say(stream, "one")
    template = Template("{% load realtime %}<main {% stream of %}></main>")
    with translation.override("en"):
        html = template.render(Context({"of": stream}))
    assert html == f'<main data-stream="{stream.pk}" data-seq="1" data-lang="en"></main>'
