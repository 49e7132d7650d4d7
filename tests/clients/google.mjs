// The official client, given only an address and a key: text, pictures, an edit, a stream, files, an interaction.
import { GoogleGenAI } from "@google/genai";

const image = "gemini-3.1-flash-image";
const text = "gemini-3.7-flash";
const omni = "gemini-omni-1.1-flash";
const told = {};
const httpOptions = { baseUrl: process.env.BASE_URL, apiVersion: process.env.API_VERSION };
const client = new GoogleGenAI({ apiKey: "sandbox", httpOptions });

const whole = await client.models.generateContent({ model: text, contents: "tell me of the sea" });
let streamed = "";
for await (const piece of await client.models.generateContentStream({ model: text, contents: "tell me of the sea" })) {
  streamed += piece.text ?? "";
}
told.text = whole.text;
told.streamed = streamed;

const config = { responseModalities: ["IMAGE"], imageConfig: { aspectRatio: "3:2", imageSize: "512" } };
const drawn = await client.models.generateContent({ model: image, contents: "a red boat", config });
const content = drawn.candidates[0].content;
told.drawn = content.parts[0].inlineData.mimeType;
const edited = await client.models.generateContent({
  model: image,
  contents: [{ role: "user", parts: [{ text: "a red boat" }] }, content, { role: "user", parts: [{ text: "make it blue" }] }],
});
told.edited = edited.candidates[0].content.parts[0].inlineData.data !== content.parts[0].inlineData.data;

const picture = Buffer.from(content.parts[0].inlineData.data, "base64");
const file = await client.files.upload({ file: new Blob([picture], { type: "image/jpeg" }) });
told.file = { state: file.state, size: Number(file.sizeBytes) === picture.length };
const kept = { fileData: { fileUri: file.uri, mimeType: file.mimeType } };
const again = await client.models.generateContent({ model: image, contents: [{ role: "user", parts: [kept, { text: "at night" }] }] });
told.again = again.candidates[0].content.parts[0].inlineData.mimeType;
await client.files.delete({ name: file.name });
told.gone = await client.files.get({ name: file.name }).then(() => 200, (error) => error.status);

const made = await client.interactions.create({ model: omni, input: "a kite", background: true });
told.queued = made.status;
let found = made;
while (["queued", "in_progress"].includes(found.status)) {
  found = await client.interactions.get(made.id);
}
told.done = found.status;
told.film = found.steps.at(-1).content[0].mime_type;
const slow = await client.interactions.create({ model: omni, input: "a kite [[slow=60]]", background: true });
told.cancelled = (await client.interactions.cancel(slow.id)).status;

const blocked = await client.models.generateContent({ model: image, contents: "a storm [[refuse]]" });
told.blocked = blocked.promptFeedback.blockReason;
told.retired = await client.models.generateContent({ model: "gemini-1.5-pro", contents: "x" })
  .then(() => 200, (error) => error.status);
console.log(JSON.stringify(told));
