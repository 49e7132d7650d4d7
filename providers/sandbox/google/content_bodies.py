"""The body of generateContent and its stream, as JSON Schema, in camelCase."""

from jsonschema import Draft202012Validator

from providers.sandbox.google.checking import COUNT, NUMBER, TEXT, closed, several, words

RATIOS = ["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9", "1:4", "4:1", "1:8", "8:1"]
SIZES = ["512", "1K", "2K", "4K"]
BLOB = closed("mimeType data", mimeType=TEXT, data=TEXT, displayName=TEXT)
PART = closed(
    text=TEXT,
    inlineData=BLOB,
    fileData=closed("fileUri", mimeType=TEXT, fileUri=TEXT, displayName=TEXT),
    thought={"type": "boolean"},
    thoughtSignature=TEXT,
)
CONTENT = closed("parts", role=words("user", "model"), parts=several(PART, 1))
SETTINGS = closed(
    temperature=NUMBER,
    topP=NUMBER,
    topK=NUMBER,
    candidateCount=words(1),  # type: ignore[arg-type]
    maxOutputTokens=COUNT,
    stopSequences=several(TEXT),
    seed={"type": "integer"},
    responseModalities=several(words("TEXT", "IMAGE")),
    responseMimeType=TEXT,
    imageConfig=closed(aspectRatio=words(*RATIOS), imageSize=words(*SIZES)),
    thinkingConfig={"type": "object"},
    mediaResolution=TEXT,
)
GENERATE = Draft202012Validator(
    closed(
        "contents",
        contents=several(CONTENT, 1),
        systemInstruction=closed("parts", role=TEXT, parts=several(PART, 1)),
        safetySettings=several(closed("category threshold", category=TEXT, threshold=TEXT)),
        generationConfig=SETTINGS,
    )
)
