-- What stands beside a facet and on the bar of months is counted when an item comes, changes or goes, not when somebody
-- looks: a page of a library of any size reads as many rows as it shows.
CREATE FUNCTION library_facets(month date, kind text, model text, provider text, favourite boolean, stars smallint,
                               tags text[])
RETURNS TABLE (facet text, value text) LANGUAGE sql IMMUTABLE AS $$
    SELECT * FROM (VALUES ('all', ''), ('month', month::text), ('kind', kind), ('model', model), ('provider', provider))
        AS always (facet, value)
    UNION ALL SELECT 'is', 'fav' WHERE favourite
    UNION ALL SELECT 'stars', stars::text WHERE stars > 0
    UNION ALL SELECT 'tag', tag FROM unnest(tags) AS tag
$$;

-- Once a statement, in the order of the key, so that two statements cannot wait for each other.
CREATE FUNCTION library_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO generations_tally AS t (user_id, facet, value, count)
        SELECT user_id, f.facet, f.value, count(*) FROM added,
               library_facets(month, kind, model, provider, is_favourite, stars, tags) AS f
         WHERE trashed_at IS NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        ON CONFLICT (user_id, facet, value) DO UPDATE SET count = t.count + excluded.count;
    ELSIF TG_OP = 'DELETE' THEN
        UPDATE generations_tally AS t SET count = t.count - gone.count
          FROM (SELECT user_id, f.facet, f.value, count(*) AS count FROM removed,
                       library_facets(month, kind, model, provider, is_favourite, stars, tags) AS f
                 WHERE trashed_at IS NULL GROUP BY 1, 2, 3) AS gone
         WHERE (t.user_id, t.facet, t.value) = (gone.user_id, gone.facet, gone.value);
    ELSE
        INSERT INTO generations_tally AS t (user_id, facet, value, count)
        SELECT user_id, facet, value, sum(change) FROM (
            SELECT user_id, f.facet, f.value, 1 AS change FROM added,
                   library_facets(month, kind, model, provider, is_favourite, stars, tags) AS f WHERE trashed_at IS NULL
            UNION ALL
            SELECT user_id, f.facet, f.value, -1 FROM removed,
                   library_facets(month, kind, model, provider, is_favourite, stars, tags) AS f WHERE trashed_at IS NULL
        ) AS changes GROUP BY 1, 2, 3 HAVING sum(change) <> 0 ORDER BY 1, 2, 3
        ON CONFLICT (user_id, facet, value) DO UPDATE SET count = t.count + excluded.count;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER item_is_counted AFTER INSERT ON generations_item
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION library_count();
CREATE TRIGGER item_is_counted_anew AFTER UPDATE ON generations_item
    REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION library_count();
CREATE TRIGGER item_is_counted_no_more AFTER DELETE ON generations_item
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION library_count();

-- A collection knows how many of its items are outside the trash. Whoever puts an item in, throws one away or takes it
-- back holds its person's lock, so no change goes by unseen. Rows of a collection go before their items do.
CREATE FUNCTION collection_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE generations_collection AS c SET size = c.size + more.count
          FROM (SELECT collection_id, count(*) AS count FROM added JOIN generations_item ON generation_id = item_id
                 WHERE trashed_at IS NULL GROUP BY 1) AS more WHERE c.id = more.collection_id;
    ELSE
        UPDATE generations_collection AS c SET size = c.size - gone.count
          FROM (SELECT collection_id, count(*) AS count FROM removed JOIN generations_item ON generation_id = item_id
                 WHERE trashed_at IS NULL GROUP BY 1) AS gone WHERE c.id = gone.collection_id;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION collection_count_thrown() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE generations_collection AS c SET size = c.size + moved.change
      FROM (SELECT collection_id, sum(CASE WHEN added.trashed_at IS NULL THEN 1 ELSE -1 END) AS change
              FROM added JOIN removed USING (generation_id)
              JOIN generations_collection_items ON item_id = generation_id
             WHERE (added.trashed_at IS NULL) <> (removed.trashed_at IS NULL) GROUP BY 1) AS moved
     WHERE c.id = moved.collection_id;
    RETURN NULL;
END $$;

CREATE TRIGGER collected_is_counted AFTER INSERT ON generations_collection_items
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION collection_count();
CREATE TRIGGER collected_is_counted_no_more AFTER DELETE ON generations_collection_items
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION collection_count();
CREATE TRIGGER collected_is_counted_anew AFTER UPDATE ON generations_item
    REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION collection_count_thrown();
