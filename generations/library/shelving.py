"""Puts a generation on the shelf as soon as its first file is stored. Twice does no harm."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db import connection

SHELVE = """
INSERT INTO generations_item
       (generation_id, user_id, created_at, month, kind, model, provider, prompt, is_favourite, stars, tags)
SELECT g.id, g.user_id, g.created_at, date_trunc('month', g.created_at AT TIME ZONE %s)::date,
       CASE WHEN a.content_type LIKE 'video/%%' THEN 'video' ELSE 'image' END,
       g.model, g.provider, g.prompt, false, 0, '{}'
  FROM generations_generation g
  JOIN LATERAL (SELECT asset_id FROM generations_output
                 WHERE generation_id = g.id AND asset_id IS NOT NULL ORDER BY index LIMIT 1) o ON true
  JOIN media_pipeline_asset a ON a.id = o.asset_id
 WHERE g.id = ANY(%s)
ON CONFLICT (generation_id) DO NOTHING
"""


def shelve(generation_ids: Sequence[UUID]) -> None:
    """In the transaction that stores the file, which holds the person's lock."""
    with connection.cursor() as cursor:
        cursor.execute(SHELVE, [settings.TIME_ZONE, list(generation_ids)])
