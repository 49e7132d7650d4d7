from pathlib import Path

import accounts.ids
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


LIBRARY_SQL = (Path(__file__).parent.parent / "sql" / "library.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [
        ("generations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Item",
            fields=[
                (
                    "generation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="item",
                        serialize=False,
                        to="generations.generation",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("month", models.DateField()),
                ("kind", models.CharField(choices=[("image", "Pictures"), ("video", "Videos")], max_length=5)),
                ("model", models.CharField(max_length=80)),
                ("provider", models.CharField(max_length=32)),
                ("prompt", models.TextField()),
                (
                    "words",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.contrib.postgres.search.SearchVector("prompt", config="russian"),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                ("is_favourite", models.BooleanField(default=False, verbose_name="favourite")),
                ("stars", models.PositiveSmallIntegerField(default=0, verbose_name="stars")),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, size=None
                    ),
                ),
                ("trashed_at", models.DateTimeField(blank=True, null=True, verbose_name="in the trash since")),
                ("purged_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "library item",
                "verbose_name_plural": "library items",
            },
        ),
        migrations.CreateModel(
            name="Collection",
            fields=[
                ("id", models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("size", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="created"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("items", models.ManyToManyField(related_name="collections", to="generations.item")),
            ],
            options={
                "verbose_name": "collection",
                "verbose_name_plural": "collections",
            },
        ),
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                ("id", models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("query", models.CharField(max_length=300, verbose_name="search")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="created"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "saved search",
                "verbose_name_plural": "saved searches",
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("facet", models.CharField(max_length=12)),
                ("value", models.CharField(max_length=80)),
                ("count", models.IntegerField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "Being packed"), ("ready", "Ready"), ("failed", "Failed")],
                        default="pending",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("generation_ids", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ("files", models.PositiveIntegerField(default=0, verbose_name="files")),
                ("size_bytes", models.PositiveBigIntegerField(default=0)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="created"),
                ),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("noticed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "archive",
                "verbose_name_plural": "archives",
                "indexes": [
                    models.Index(fields=["user", "-created_at"], name="export_of_person"),
                    models.Index(
                        condition=models.Q(("state", "pending")), fields=["created_at"], name="export_pending"
                    ),
                    models.Index(
                        condition=models.Q(("noticed_at__isnull", True), ("state__in", ("ready", "failed"))),
                        fields=["id"],
                        name="export_news",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=models.Q(("trashed_at__isnull", True)),
                fields=["user", "-created_at", "-generation"],
                name="item_shelf",
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=models.Q(("is_favourite", True), ("trashed_at__isnull", True)),
                fields=["user", "-created_at", "-generation"],
                name="item_favourites",
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=models.Q(("stars__gt", 0), ("trashed_at__isnull", True)),
                fields=["user", "-created_at", "-generation"],
                name="item_starred",
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=models.Q(("purged_at__isnull", True), ("trashed_at__isnull", False)),
                fields=["trashed_at"],
                name="item_trash",
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["words"], name="item_words"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["tags"], name="item_tags"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("prompt", name="gin_trgm_ops"),
                fastupdate=False,
                name="item_prompt_trigrams",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(("purged_at__isnull", True), ("trashed_at__isnull", False), _connector="OR"),
                name="item_purged_from_trash",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(condition=models.Q(("stars__lte", 5)), name="item_stars"),
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.UniqueConstraint(fields=("user", "name"), name="collection_name_once"),
        ),
        migrations.AddConstraint(
            model_name="savedsearch",
            constraint=models.UniqueConstraint(fields=("user", "query"), name="saved_search_once"),
        ),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.UniqueConstraint(fields=("user", "facet", "value"), name="tally_once"),
        ),
        migrations.RunSQL(LIBRARY_SQL, migrations.RunSQL.noop),
    ]
