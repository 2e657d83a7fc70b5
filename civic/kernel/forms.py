from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_noop

# Django's own sentences that our catalogue says as the rest of the product does.
DJANGO_SENTENCES = (gettext_noop("This field is required."), gettext_noop("Enter a valid email address."))


class FormRenderer(TemplatesSetting):
    """Every form of the product is drawn by the templates of `templates/components/`."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
