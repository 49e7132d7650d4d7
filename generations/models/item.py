"""What the library knows of a generation with files: one narrow row that is searched, counted and put in the trash.

The generation stays as it was; `tallies` of the rows outside the trash are kept by the database (sql/library.sql).
"""

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Prefetch, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from accounts.models import User
from generations.models.generation import Generation
from generations.models.output import Output

# The Russian configuration stems Latin words as English ones.
LANGUAGE = "russian"
MAX_TAG = 40
MAX_COLLECTION = 80
MOST_STARS = 5


class Kind(models.TextChoices):
    IMAGE = "image", _("Pictures")
    VIDEO = "video", _("Videos")


class ItemQuerySet(models.QuerySet["Item"]):
    def for_user(self, user: User) -> Self:
        return self.filter(user_id=user.pk)

    def kept(self) -> Self:
        """Outside the trash."""
        return self.filter(trashed_at__isnull=True)

    def trashed(self) -> Self:
        """In the trash, and still to be had back."""
        return self.filter(trashed_at__isnull=False, purged_at__isnull=True)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")

    def with_names(self) -> Self:
        """Each with its collection_names."""
        name = "collections__name"
        names = ArrayAgg(name, filter=Q(collections__isnull=False), order_by=name, default=models.Value([]))
        return self.annotate(collection_names=names)

    def with_files(self) -> Self:
        """What a tile shows, in two queries however many rows."""
        outputs = Output.objects.select_related("asset")
        rows = self.defer("words", "prompt").select_related("generation")
        return rows.prefetch_related(Prefetch("generation__outputs", outputs))


class Item(models.Model):
    generation = models.OneToOneField(Generation, on_delete=models.CASCADE, primary_key=True, related_name="item")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(_("created"))
    # The first day of the month in the studio's time zone.
    month = models.DateField()
    kind = models.CharField(max_length=5, choices=Kind.choices)
    model = models.CharField(max_length=80)
    provider = models.CharField(max_length=32)
    prompt = models.TextField()
    words = models.GeneratedField(
        expression=SearchVector("prompt", config=LANGUAGE), output_field=SearchVectorField(), db_persist=True
    )
    is_favourite = models.BooleanField(_("favourite"), default=False)
    # 0: not rated.
    stars = models.PositiveSmallIntegerField(_("stars"), default=0)
    tags = ArrayField(models.CharField(max_length=MAX_TAG), default=list, blank=True)
    trashed_at = models.DateTimeField(_("in the trash since"), null=True, blank=True)
    # Its files are gone for good; the row stays, so that the generation does not come back without them.
    purged_at = models.DateTimeField(null=True, blank=True)
    # Said by the shelf, of what one sees first: its picture does not wait until the page is laid out.
    is_in_sight = False

    objects: ClassVar[ItemQuerySet] = ItemQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("library item")
        verbose_name_plural = _("library items")
        constraints = [
            models.CheckConstraint(
                condition=Q(purged_at__isnull=True) | Q(trashed_at__isnull=False), name="item_purged_from_trash"
            ),
            models.CheckConstraint(condition=Q(stars__lte=MOST_STARS), name="item_stars"),
        ]
        indexes = [
            models.Index(
                fields=["user", "-created_at", "-generation"], condition=Q(trashed_at__isnull=True), name="item_shelf"
            ),
            models.Index(
                fields=["user", "-created_at", "-generation"],
                condition=Q(trashed_at__isnull=True, is_favourite=True),
                name="item_favourites",
            ),
            models.Index(
                fields=["user", "-created_at", "-generation"],
                condition=Q(trashed_at__isnull=True, stars__gt=0),
                name="item_starred",
            ),
            models.Index(
                fields=["trashed_at"], condition=Q(trashed_at__isnull=False, purged_at__isnull=True), name="item_trash"
            ),
            # Without a list of what is still to be sorted in, which every search would have to read.
            GinIndex(fields=["words"], fastupdate=False, name="item_words"),
            GinIndex(fields=["tags"], fastupdate=False, name="item_tags"),
            GinIndex(OpClass("prompt", name="gin_trgm_ops"), fastupdate=False, name="item_prompt_trigrams"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Tally(models.Model):
    """How many of a person's items have a value. Written by triggers alone."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    facet = models.CharField(max_length=12)
    value = models.CharField(max_length=80)
    count = models.IntegerField()

    objects: ClassVar[models.Manager["Tally"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "facet", "value"], name="tally_once")]

    def __str__(self) -> str:
        return f"{self.facet} {self.value}: {self.count}"


class OwnedQuerySet(models.QuerySet[models.Model]):
    def for_user(self, user: User) -> Self:
        return self.filter(user_id=user.pk)


class Collection(models.Model):
    """A named choice of items; an item may be in many."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=MAX_COLLECTION)
    items = models.ManyToManyField(Item, related_name="collections")
    # How many of them are outside the trash; written by triggers alone (sql/library.sql).
    size = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now())

    objects: ClassVar[OwnedQuerySet] = OwnedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="collection_name_once")]

    def __str__(self) -> str:
        return self.name


class SavedSearch(models.Model):
    """Words that a person looks for often."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    query = models.CharField(_("search"), max_length=300)
    created_at = models.DateTimeField(_("created"), db_default=Now())

    objects: ClassVar[OwnedQuerySet] = OwnedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        constraints = [models.UniqueConstraint(fields=["user", "query"], name="saved_search_once")]

    def __str__(self) -> str:
        return self.query
