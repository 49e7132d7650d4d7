// Sends files one after another and tells how far each is. XMLHttpRequest, because fetch says nothing of the way up.

const CREATED = 201;
let last = Promise.resolve();

/** Why a file was not taken: `sentence` as the server said it, or `reason` by our own name. */
export class Refused extends Error {
  constructor({ sentence = "", reason = "" }) {
    super(sentence || reason);
    this.sentence = sentence;
    this.reason = reason;
  }
}

/** Answers with what the server says of the stored file; `tell` hears fractions of 1, `stop` ends it early. */
export function send(address, token, file, tell) {
  const request = new XMLHttpRequest();
  let isStopped = false;
  const turn = last.then(() => (isStopped ? Promise.reject(new Refused({ reason: "stopped" })) : transfer(request, address, token, file, tell)));
  // The next file waits for this one, however it ends.
  last = turn.catch(() => {});
  return {
    done: turn,
    stop() {
      isStopped = true;
      request.abort();
    },
  };
}

function transfer(request, address, token, file, tell) {
  return new Promise((resolve, reject) => {
    request.upload.onprogress = (event) => event.lengthComputable && tell(event.loaded / event.total);
    request.onload = () => {
      if (request.status === CREATED) resolve(request.response[0]);
      else reject(new Refused(reasonOf(request.response)));
    };
    request.onerror = request.ontimeout = () => reject(new Refused({ reason: "unreachable" }));
    request.onabort = () => reject(new Refused({ reason: "stopped" }));
    const body = new FormData();
    body.append("files", file);
    request.open("POST", address);
    request.responseType = "json";
    request.setRequestHeader("X-CSRFToken", token);
    request.send(body);
  });
}

function reasonOf(answer) {
  const sentence = answer?.fields?.["files.0"] ?? answer?.error;
  return sentence ? { sentence } : { reason: "broken" };
}
