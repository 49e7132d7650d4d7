// The official client in both its versions, given only an address and a key: uploads, submits, waits, lists.
import first from "@higgsfield/client";
import second from "@higgsfield/client/v2";

const own = { baseURL: process.env.BASE_URL, pollInterval: 20, maxRetries: 0 };
const now = second.createHiggsfieldClient({ ...own, credentials: "id:secret" });
const old = new first.HiggsfieldClient({ ...own, apiKey: "id", apiSecret: "secret" });
const url = process.env.HOOK;
const soul = "higgsfield-ai/soul/standard";
const told = {};

const ask = (prompt, more = {}) => now.subscribe(soul, { input: { prompt }, ...more });
told.pictures = (await now.subscribe(soul, { input: { prompt: "a lake", batch_size: 4 } })).images.map((one) => one.url);
told.fresh = await ask("call me", { webhook: { url }, withPolling: false });
told.nsfw = (await ask("x [[refuse]]")).status;
told.failed = (await ask("x [[fail=out of paint]]")).error;
told.errors = {};
for (const directive of ["401", "402", "422", "429=older", "429", "500"]) {
  told.errors[directive] = await ask(`x [[${directive}]]`).then(() => "none", (error) => error.constructor.name);
}

told.address = await old.uploadImage(Buffer.from(process.env.PICTURE, "base64"), "png");
const image = first.InputImage.fromUrl(told.address);
const dop = { model: first.DoPModel.LITE, prompt: "closer", input_images: [image], seed: first.seed(1) };
told.film = (await old.generate("/v1/image2video/dop", dop)).jobs[0].results.raw;
const four = { prompt: "boats", width_and_height: first.SoulSize.SQUARE_1536x1536, batch_size: first.BatchSize.QUAD };
told.set = (await old.generate("/v1/text2image/soul", four, { webhook: first.webhook(url, "my word") })).jobs.length;
told.struck = (await old.generate("/v1/text2image/soul", { prompt: "x [[refuse]]" })).isNsfw;
told.motions = (await old.getMotions()).map((one) => one.name);
told.styles = (await old.getSoulStyles()).map((one) => one.name);
told.trained = (await old.createSoulId({ name: "face", input_images: [image] })).isCompleted;
told.listed = (await old.listSoulIds()).items.map((one) => one.name);
console.log(JSON.stringify(told));
