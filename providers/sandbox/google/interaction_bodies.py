"""The body of an interaction, as JSON Schema."""

from jsonschema import Draft202012Validator

from providers.sandbox.google.checking import NUMBER, TEXT, closed, several, words

PLACE = {"type": TEXT, "mime_type": TEXT, "data": TEXT, "uri": TEXT}
PIECE = {
    "oneOf": [
        closed("type text", type=words("text"), text=TEXT),
        closed("type", **PLACE | {"type": words("image", "video")}),
    ]
}
PIECES = {"anyOf": [TEXT, several(PIECE, 1)]}
STEP = {"anyOf": [PIECE, closed("type content", type=words("user_input"), content=PIECES)]}
VIDEO_FORMAT = closed(
    "type",
    type=words("video"),
    aspect_ratio=words("16:9", "9:16"),
    resolution=words("360p", "720p", "1080p", "4k"),
    duration={"type": "string", "pattern": r"^([3-9]|1[0-5])(\.\d+)?s$"},
    delivery=words("inline", "uri"),
)
VIDEO_TASKS = ("text_to_video", "image_to_video", "reference_to_video", "edit", "extend", "upscale")
INTERACTION = Draft202012Validator(
    closed(
        "model input",
        model=TEXT,
        background={"type": "boolean"},
        store={"type": "boolean"},
        input={"anyOf": [TEXT, PIECE, several(STEP, 1)]},
        response_modalities=several(words("text", "image", "video")),
        response_format={"anyOf": [VIDEO_FORMAT, several(VIDEO_FORMAT, 1)]},
        generation_config=closed(
            video_config=closed(task=words(*VIDEO_TASKS)), temperature=NUMBER, seed={"type": "integer"}
        ),
        webhook_config=closed("uris", uris=several(TEXT, 1), user_metadata={"type": "object"}),
        system_instruction=TEXT,
    )
)
