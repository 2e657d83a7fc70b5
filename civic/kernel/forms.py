from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Every form of the product is drawn by the templates of `templates/components/`."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
