from pathlib import Path

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


TAKE_TOKEN_SQL = (Path(__file__).parent.parent / "sql" / "take_token.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ProviderHealth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider", models.CharField(max_length=32)),
                ("endpoint", models.CharField(max_length=160)),
                ("window_started_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("calls", models.PositiveIntegerField(default=0)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("open_until", models.DateTimeField(blank=True, null=True)),
                ("trial_until", models.DateTimeField(blank=True, null=True)),
                ("openings", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("provider", "endpoint"), name="provider_health_once")],
            },
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider", models.CharField(max_length=32, verbose_name="provider")),
                ("label", models.CharField(max_length=60, verbose_name="name")),
                (
                    "source",
                    models.CharField(
                        choices=[("admin", "added here"), ("environment", "from the environment")],
                        default="admin",
                        max_length=12,
                        verbose_name="where it is from",
                    ),
                ),
                ("sealed_secret", models.TextField(blank=True, default="", editable=False)),
                ("fingerprint", models.CharField(editable=False, max_length=64, verbose_name="fingerprint")),
                (
                    "weight",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="A token of weight 3 is used three times as often as one of weight 1.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="weight",
                    ),
                ),
                ("turn", models.FloatField(default=0, editable=False)),
                (
                    "max_in_flight",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="jobs at once",
                    ),
                ),
                (
                    "daily_cap",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Empty: as many as come. The day begins at midnight UTC.",
                        null=True,
                        verbose_name="jobs a day",
                    ),
                ),
                ("is_enabled", models.BooleanField(default=True, verbose_name="switched on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "works"),
                            ("cooling", "resting: too many calls"),
                            ("exhausted", "resting: no credit left"),
                            ("suspect", "resting: refused"),
                            ("disabled", "out: refused again and again"),
                        ],
                        default="active",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("cooldown_until", models.DateTimeField(blank=True, null=True, verbose_name="next try")),
                ("trial_until", models.DateTimeField(blank=True, editable=False, null=True)),
                ("fail_streak", models.PositiveSmallIntegerField(default=0, verbose_name="failures in a row")),
                ("last_used_at", models.DateTimeField(blank=True, null=True, verbose_name="last used")),
                ("last_error", models.CharField(blank=True, default="", max_length=300, verbose_name="last error")),
                ("last_error_at", models.DateTimeField(blank=True, null=True, verbose_name="time of the last error")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="created"),
                ),
            ],
            options={
                "verbose_name": "provider token",
                "verbose_name_plural": "provider tokens",
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "fingerprint"), name="token_once_per_provider"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["active", "cooling", "exhausted", "suspect", "disabled"])),
                        name="token_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["admin", "environment"])), name="token_source_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weight__gte", 1), ("weight__lte", 100)), name="token_has_weight"
                    ),
                    models.CheckConstraint(condition=models.Q(("max_in_flight__gte", 1)), name="token_takes_a_job"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("cooling", "exhausted", "suspect")), _negated=True),
                            ("cooldown_until__isnull", False),
                            _connector="OR",
                        ),
                        name="token_rest_has_an_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sealed_secret", ""), ("source", "environment")),
                            models.Q(("source", "admin"), models.Q(("sealed_secret", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="token_secret_where_it_belongs",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TokenDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("requests", models.PositiveIntegerField(default=0, verbose_name="jobs")),
                ("errors", models.PositiveIntegerField(default=0, verbose_name="errors")),
                (
                    "token",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="days", to="providers.token"
                    ),
                ),
            ],
            options={
                "verbose_name": "day of a token",
                "verbose_name_plural": "days of a token",
                "constraints": [models.UniqueConstraint(fields=("token", "day"), name="token_day_once")],
            },
        ),
        migrations.CreateModel(
            name="TokenUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField()),
                ("holder", models.UUIDField(unique=True)),
                ("taken_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "token",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="uses", to="providers.token"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("token", "place"), name="token_place_once")],
            },
        ),
        # Without parameters psycopg sends the text as it is, per cent signs included.
        migrations.RunSQL(TAKE_TOKEN_SQL, "DROP FUNCTION providers_take_token(text, text, uuid, bigint[])"),
    ]
