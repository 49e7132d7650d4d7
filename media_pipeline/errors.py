"""The family of everything that can go wrong with a file, sorted by what the caller may do. Its members live elsewhere.

MediaError
├── destinations.AddressRefused    output_unsafe      permanent   not https, not public, not a URL
├── destinations.NameNotResolved   download_failed    try again
├── connections.ConnectionFailed   download_failed    try again   refused, cut, bad certificate, nonsense
├── connections.DeadlinePassed     download_failed    try again   the whole download took too long
├── fetching.ServerFailed          download_failed    try again   429 and 5xx
├── fetching.TooManyRedirects      output_unsafe      permanent
├── fetching.Expired               output_expired     try again   400, 401, 403, 404: a CDN may lag behind its API
│   └── fetching.Gone              output_expired     permanent   410
├── fetching.Encoded               output_unsafe      permanent   a Content-Encoding nobody asked for
├── receiving.TooLarge             output_too_large   permanent
├── receiving.TooSlow              download_failed    try again
├── receiving.Truncated            download_failed    try again   shorter than announced, or empty
├── sniffing.TypeRefused           output_unsafe      permanent
├── probing.TooManyPixels          output_too_large   permanent   refused from the header, before decoding
├── probing.TooManyFrames          output_too_large   permanent
├── inspection.Unreadable          output_unreadable  permanent   corrupt or cut
├── inspection.Dangerous           output_unsafe      permanent   broke the decoder or its limits
├── inspection.Interrupted         download_failed    try again   the child could not work, or was killed from outside
├── storage.DiskFull               download_failed    try again   ours
├── storage.StorageAway            download_failed    try again   ours; the bucket
└── slots.NoFreeSlot               download_failed    try again   ours
"""

from typing import ClassVar


class MediaError(Exception):
    """What the caller may do: give up (`is_permanent`), try again, or wait for this machine (`is_ours`).

    `code` is the machine code shown with the generation. With `is_ours` the file is not to blame, so the try should
    not be counted. Messages name hosts and types only: a provider's URL may carry a signature.
    """

    code: ClassVar[str] = "download_failed"
    is_permanent: ClassVar[bool] = False
    is_ours: ClassVar[bool] = False
