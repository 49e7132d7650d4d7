"""Files in a bucket that speaks S3. Loaded only when it is chosen: its packages are an extra.

A PUT to the same key overwrites as a whole, so doing the same work twice ends in the same file here, too.
"""

import base64
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from urllib.parse import urlsplit

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage

from media_pipeline.receiving import PIECE_BYTES, TooLarge, digest_of_file, digest_of_pieces
from media_pipeline.shelf import StorageAway, Stored
from media_pipeline.sniffing import KINDS

INTERNAL_PREFIX = "/_bucket/"
# Used by the proxy at once; the rest is for clocks that differ.
URL_SECONDS = 300
# In one request while it is no longer than this; an archive may be longer, and S3 takes 5 GiB at once.
ONE_PUT_BYTES = 1024**3
IN_PARTS = TransferConfig(multipart_threshold=ONE_PUT_BYTES, multipart_chunksize=64 * 1024**2, use_threads=False)
TYPES = {kind.extension: kind.content_type for kind in KINDS.values()}
ABSENT = {HTTPStatus.NOT_FOUND, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE}


class Bucket(S3Storage):
    """shelf.Shelf. Its client is one a thread, as django-storages has it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_acl=None, querystring_auth=True, **options)
        self.client_config = Config(
            signature_version="s3v4",
            s3={"addressing_style": self.addressing_style},
            connect_timeout=5,
            read_timeout=30,
            retries={"mode": "standard", "total_max_attempts": 3},
            # Ours are sent and looked at by name: not every server knows the newer kinds.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )

    def _open(self, name: str, mode: str = "rb") -> File:
        """For readers who know Django's storage alone: a copy on disk that ends with its last reader."""
        if mode != "rb":
            raise ValueError(f"mode {mode!r}: what is written is placed")
        with ExitStack() as stack:
            copy = stack.enter_context(TemporaryFile())
            self._copy(name, copy)
            copy.seek(0)
            stack.pop_all()  # from here on it is the caller's to close
        return File(copy, name)

    def place(self, part: Path, key: str) -> None:
        size, digest = part.stat().st_size, digest_of_file(part)
        about = self._named(key) | {"ChecksumAlgorithm": "SHA256", "ContentType": _type_of(key)}
        with _telling(key):
            if size <= ONE_PUT_BYTES:
                checksum = base64.b64encode(bytes.fromhex(digest)).decode()
                with part.open("rb") as body:
                    self._client.put_object(**about, Body=body, ContentLength=size, ChecksumSHA256=checksum)
            else:
                extra = {name: about[name] for name in ("ChecksumAlgorithm", "ContentType")}
                self._client.upload_file(str(part), **self._named(key), ExtraArgs=extra, Config=IN_PARTS)
        self._verify(key, size, digest)
        part.unlink()

    def at_hand(self, key: str, room: Callable[[], Path], most_bytes: int) -> Path:
        copy = room()
        with copy.open("wb") as file:
            self._copy(key, file, most_bytes)
        return copy

    def remove(self, key: str) -> None:
        with _telling(key):
            self._client.delete_object(**self._named(key))

    def twin(self, key: str, other: str) -> None:
        with _telling(key):
            self._client.copy_object(CopySource=self._named(key), **self._named(other))

    def length(self, key: str) -> int:
        return int(self._head(key)["ContentLength"])

    def pieces(self, key: str, start: int, length: int) -> Iterator[bytes]:
        with _telling(key):
            answer = self._client.get_object(**self._named(key), Range=f"bytes={start}-{start + length - 1}")
        with closing(answer["Body"]) as body:
            yield from _read(key, body)

    def stored(self, top: str, after: str) -> Iterator[Stored]:
        """A page of a thousand at a time."""
        prefix = self._full("")
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket_name, Prefix=f"{prefix}{top}/", StartAfter=f"{prefix}{after}" if after else ""
        )
        with _telling(top):
            for page in pages:
                for entry in page.get("Contents", ()):
                    yield Stored(entry["Key"].removeprefix(prefix), entry["LastModified"].timestamp())

    def written_at(self, key: str) -> float:
        return float(self._head(key)["LastModified"].timestamp())

    def internal_address(self, key: str, headers: Mapping[str, str], *, method: str, is_part: bool) -> str:
        """A signed address of the object without its host, which the proxy knows; ADR 0037. Asks nobody."""
        answers = {
            "ResponseContentType": headers["Content-Type"],
            "ResponseContentDisposition": headers["Content-Disposition"],
            "ResponseCacheControl": headers["Cache-Control"],
        }
        signed = urlsplit(self.url(key, parameters=answers, expire=URL_SECONDS, http_method=method))
        return f"{INTERNAL_PREFIX}{'part' if is_part else 'whole'}{signed.path}?{signed.query}"

    def _copy(self, key: str, into: IO[bytes], most_bytes: int | None = None) -> None:
        with _telling(key):
            answer = self._client.get_object(**self._named(key))
        size, received = answer["ContentLength"], 0
        with closing(answer["Body"]) as body:
            if most_bytes is not None and size > most_bytes:
                raise TooLarge(f"The file is larger than {most_bytes} bytes.")
            for piece in _read(key, body):
                received += into.write(piece)
        if received != size:
            raise StorageAway(f"{key} was cut off on its way from the bucket.")

    @property
    def _client(self) -> Any:
        return self.connection.meta.client

    def _full(self, key: str) -> str:
        return f"{self.location}/{key}" if self.location else key

    def _named(self, key: str) -> dict[str, Any]:
        return {"Bucket": self.bucket_name, "Key": self._full(key)}

    def _head(self, key: str) -> dict[str, Any]:
        with _telling(key):
            found: dict[str, Any] = self._client.head_object(**self._named(key), ChecksumMode="ENABLED")
        return found

    def _verify(self, key: str, size: int, digest: str) -> None:
        """Raises StorageAway unless the bucket has exactly these bytes: by its own checksum, or by reading them."""
        found = self._head(key)
        checksum = found.get("ChecksumSHA256", "")
        if "-" in checksum:  # of parts, each of which was compared when it came
            digest_there = digest
        elif checksum:
            digest_there = base64.b64decode(checksum).hex()
        else:
            digest_there = digest_of_pieces(self.pieces(key, 0, size)) if size else digest
        if (found["ContentLength"], digest_there) != (size, digest):
            raise StorageAway(f"The bucket does not hold what was sent as {key}.")


def _type_of(key: str) -> str:
    return TYPES.get(key.rsplit(".", 1)[-1], "application/octet-stream")


def _read(key: str, body: Any) -> Iterator[bytes]:
    with _telling(key):
        yield from body.iter_chunks(PIECE_BYTES)


@contextmanager
def _telling(key: str) -> Iterator[None]:
    """Absent is FileNotFoundError, everything else StorageAway. Says what kind it was and never an address."""
    try:
        yield
    except ClientError as error:
        status, code = error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]["Code"]
        if status in ABSENT and code != "NoSuchBucket":
            raise FileNotFoundError(key) from error
        raise StorageAway(f"The bucket answered {status} {code}.") from error
    except (BotoCoreError, Boto3Error) as error:
        raise StorageAway(f"The bucket cannot be reached: {type(error).__name__}.") from error
