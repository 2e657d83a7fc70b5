from django.apps import AppConfig


class PetitionsConfig(AppConfig):
    name = "petitions"

    def ready(self):
        # Models load with the apps: what needs them is imported once they are there.
        from civic.comments import registry as comments
        from civic.kernel import loops
        from civic.moderation import registry as moderation
        from civic.realtime import registry as realtime
        from petitions import counting, debate, review
        from petitions.models import Petition

        moderation.register(review.KIND)
        comments.register(debate.KIND)
        realtime.register("petition", can_read=Petition.stream_is_readable)
        loops.register("petitions.count", counting.count_moved, every=1.0)
