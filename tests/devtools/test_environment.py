"""What a child of `./run` is told, and what it must never be told."""

from devtools import environment


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path):
    file = tmp_path / "secrets.json"
    made = environment._secrets(file)
    assert set(made) == {"SECRET_KEY", "MAILBOX_KEY", "PERSON_KEY"}
    assert all(len(secret) >= 50 for secret in made.values())
    assert file.stat().st_mode & 0o777 == 0o600
    assert environment._secrets(file) == made
    assert list(tmp_path.iterdir()) == [file]


def test_a_production_shell_does_not_leak_into_the_demo(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://city@db.example/production")
    monkeypatch.setenv("EMAIL_URL", "smtp://relay.example")
    monkeypatch.setenv("CIVIC_MODE", "production")
    told = environment.local_environment("postgresql://fabrique@/fabrique?host=/private")
    assert told["DATABASE_URL"] == "postgresql://fabrique@/fabrique?host=/private"
    assert told["CIVIC_MODE"] == "local"
    assert "EMAIL_URL" not in told


def test_an_edited_catalogue_is_compiled_again(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "CHECKOUT", tmp_path)
    folder = tmp_path / "locale" / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    assert not environment.has_stale_catalogues()
    (folder / "django.po").write_text("")
    assert environment.has_stale_catalogues()
    (folder / "django.mo").write_text("")
    assert not environment.has_stale_catalogues()
