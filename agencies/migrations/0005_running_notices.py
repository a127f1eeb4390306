from django.db import migrations


def keep_running_notices(apps, schema_editor):
    """Of notices that already run, what they show today."""
    Review = apps.get_model("agencies", "Review")
    Qualification = apps.get_model("agencies", "Qualification")
    Practitioner = apps.get_model("agencies", "Practitioner")
    for review in Review.objects.filter(kind="entry", status="publicity").select_related("agency__organisation"):
        papers = Qualification.objects.filter(agency=review.agency, status="confirmed")
        people = Practitioner.objects.filter(agency=review.agency, ended_on__isnull=True)
        review.notice = {
            "address": review.agency.organisation.address,
            "papers": list(papers.values_list("pk", flat=True)),
            "people": list(people.values_list("pk", flat=True)),
        }
        review.save(update_fields=["notice"])


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0004_review_notice"),
        ("kernel", "0001_initial"),
    ]

    operations = [migrations.RunPython(keep_running_notices, migrations.RunPython.noop)]
