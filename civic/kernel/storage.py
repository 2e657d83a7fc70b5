from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Names hold a hash of the content, in the imports of ES modules too: a browser asks once."""

    support_js_module_import_aggregation = True
