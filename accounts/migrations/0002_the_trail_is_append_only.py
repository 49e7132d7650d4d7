from pathlib import Path

from django.db import migrations

TRAIL_SQL = (Path(__file__).parent.parent / "sql" / "trail.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("admin", "0003_logentry_add_action_flag_choices")]

    operations = [migrations.RunSQL(TRAIL_SQL, migrations.RunSQL.noop)]
