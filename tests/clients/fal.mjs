// The official client. It knows no other address than fal's own hosts; `fetch` is its setting for another way there.
import { createFalClient } from "@fal-ai/client";

const origin = process.env.ORIGIN;
const folders = { "queue.fal.run": "queue", "fal.run": "run", "rest.fal.ai": "rest" };
const client = createFalClient({
  credentials: "js:secret",
  fetch: (address, init) => {
    const url = new URL(address);
    const folder = folders[url.host];
    return fetch(folder ? `${origin}/fal/${folder}${url.pathname}${url.search}` : address, init);
  },
});
const dev = "fal-ai/flux/dev";
const edit = "fal-ai/nano-banana/edit";
const small = { image_size: "square" };
const told = {};

const submitted = await client.queue.submit(dev, {
  input: { prompt: "a quiet lake [[slow=0.3]]", ...small }, webhookUrl: process.env.WEBHOOK, startTimeout: 60,
});
told.requestId = submitted.request_id;
told.first = submitted.status;
const done = await client.queue.subscribeToStatus(dev, { requestId: submitted.request_id, logs: true, pollInterval: 50 });
told.done = done.status;
told.logs = done.logs.map((log) => log.message);
const result = await client.queue.result(dev, { requestId: submitted.request_id });
told.image = result.data.images[0];

const seen = [];
const subscribed = await client.subscribe(dev, {
  input: { prompt: "hills", ...small }, logs: true, pollInterval: 50, onQueueUpdate: (update) => seen.push(update.status),
});
told.seen = seen[seen.length - 1];
told.subscribed = subscribed.data.images[0].url;

const streamed = await client.subscribe(dev, { input: { prompt: "dunes", ...small }, mode: "streaming" });
told.streamed = streamed.data.images[0].url;

const picture = await (await fetch(told.image.url)).blob();
told.uploaded = await client.storage.upload(picture);
told.edited = (await client.subscribe(edit, { input: { prompt: "at night", image_urls: [picture] }, pollInterval: 50 })).data.images[0].url;
told.run = (await client.run(dev, { input: { prompt: "sea", ...small } })).data.images[0].url;

const slow = await client.queue.submit(dev, { input: { prompt: "tower [[slow=600]]" } });
await client.queue.cancel(dev, { requestId: slow.request_id });
told.cancelled = (await client.queue.status(dev, { requestId: slow.request_id })).status;
told.late = await client.queue.cancel(dev, { requestId: slow.request_id }).then(() => 200, (error) => error.status);

const refused = await client.subscribe(dev, { input: { prompt: "a wall [[refuse]]" }, pollInterval: 50 }).catch((error) => error);
told.refused = [refused.name, refused.status, refused.fieldErrors[0].type];
told.unknown = await client.queue.submit("fal-ai/nothing", { input: {} }).then(() => 200, (error) => error.status);

console.log(JSON.stringify(told));
