from pathlib import Path

from django.db import migrations

KNOCKS_SQL = (Path(__file__).parent.parent / "sql" / "knocks.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_the_trail_is_append_only")]

    operations = [migrations.RunSQL(KNOCKS_SQL, "DROP TABLE accounts_knock")]
