from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "civic.comments"

    def ready(self):
        # Models load with the apps: what needs them is imported once they are there.
        from civic.comments import counting, releasing, review
        from civic.kernel import loops
        from civic.moderation import registry as moderation

        moderation.register(review.KIND)
        loops.register("comments.count", counting.count_moved, every=1.0)
        loops.register("comments.release", releasing.release_due, every=0.5)
