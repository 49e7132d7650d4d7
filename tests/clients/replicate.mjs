// The official client, given only an address and a token: runs, waits, uploads, cancels, lists, checks a webhook.
import Replicate, { validateWebhook } from "replicate";

const client = new Replicate({ auth: "r8_js", baseUrl: process.env.BASE_URL });
const schnell = "black-forest-labs/flux-schnell";
const dev = "black-forest-labs/flux-dev";
const pro = "black-forest-labs/flux-1.1-pro";
const small = { megapixels: "0.25" };
const told = {};

const [output] = await client.run(schnell, { input: { prompt: "a quiet lake", ...small }, wait: { mode: "poll", interval: 20 } });
// The client makes file objects of https: and data: addresses only; the sandbox's own are plain http.
told.url = String(output);
told.bytes = (await (await fetch(told.url)).blob()).size;

const blocking = await client.run(pro, { input: { prompt: "hills", aspect_ratio: "custom", width: 256, height: 256 } });
told.blocking = (await blocking.blob()).type;

const picture = await (await fetch(told.url)).blob();
const edited = await client.run(dev, { input: { prompt: "at night", image: picture }, wait: { mode: "poll", interval: 20 } });
told.edited = String(edited[0]);

const file = await client.files.create(Buffer.from("hello"), { note: "kept" });
told.file = { size: file.size, metadata: file.metadata, sha256: file.checksums.sha256 };
told.listed = (await client.files.list()).results.map((one) => one.size).sort((a, b) => a - b);
told.deleted = await client.files.delete(file.id);
told.gone = await client.files.get(file.id).then(() => 200, (error) => error.response.status);

const slow = await client.predictions.create({ model: schnell, input: { prompt: "tower [[slow=600]]" } });
told.canceled = (await client.predictions.cancel(slow.id)).status;
told.failed = await client.run(schnell, { input: { prompt: "a wall [[fail=out of paint]]" }, wait: { mode: "poll", interval: 20 } })
  .then(() => "", (error) => error.message);
told.refused = await client.predictions.create({ model: schnell, input: { prompt: 5 } })
  .then(() => 201, (error) => error.response.status);

let pages = 0;
for await (const page of client.paginate(client.predictions.list)) pages += page.length;
told.predictions = pages;
told.model = (await client.models.get("black-forest-labs", "flux-dev")).name;
told.account = (await client.accounts.current()).username;

const secret = (await client.webhooks.default.secret.get()).key;
const delivery = JSON.parse(process.env.DELIVERY);
const headers = new Headers(delivery.headers);
told.valid = await validateWebhook(new Request("http://x/", { method: "POST", headers, body: delivery.body }), secret);
told.forged = await validateWebhook(new Request("http://x/", { method: "POST", headers, body: delivery.body + " " }), secret);
console.log(JSON.stringify(told));
