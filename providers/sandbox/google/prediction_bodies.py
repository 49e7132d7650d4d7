"""The bodies of the older family, predict and predictLongRunning, as JSON Schema."""

from jsonschema import Draft202012Validator

from providers.sandbox.google.checking import COUNT, TEXT, closed, several, words

PICTURE = closed("bytesBase64Encoded mimeType", bytesBase64Encoded=TEXT, mimeType=TEXT)
PREDICT = Draft202012Validator(
    closed(
        "instances",
        instances=several(closed("prompt", prompt=TEXT), 1),
        parameters=closed(
            sampleCount={"type": "integer", "minimum": 1, "maximum": 4},
            aspectRatio=words("1:1", "3:4", "4:3", "9:16", "16:9"),
            sampleImageSize=words("1K", "2K"),
            personGeneration=TEXT,
            includeRaiReason={"type": "boolean"},
            includeSafetyAttributes={"type": "boolean"},
            safetySetting=TEXT,
            outputOptions=closed(mimeType=words("image/png", "image/jpeg"), compressionQuality=COUNT),
        ),
    )
)
REFERENCE = closed("image", image=PICTURE, referenceType=words("ASSET", "STYLE"))
LONG_RUNNING = Draft202012Validator(
    closed(
        "instances",
        instances=several(
            closed("prompt", prompt=TEXT, image=PICTURE, lastFrame=PICTURE, referenceImages=several(REFERENCE)), 1
        ),
        parameters=closed(
            sampleCount={"type": "integer", "minimum": 1, "maximum": 4},
            durationSeconds={"enum": [4, 6, 8]},
            aspectRatio=words("16:9", "9:16"),
            resolution=words("720p", "1080p", "4k"),
            personGeneration=TEXT,
            negativePrompt=TEXT,
            seed={"type": "integer"},
        ),
        webhookConfig=closed("uris", uris=several(TEXT, 1), userMetadata={"type": "object"}),
    )
)
