from django import forms


class SignupForm(forms.Form):
    def signup(self, request, user):
        """allauth's hook: keep what the form asked beyond the address."""
