// Follows a stream with a client people use, and prints the id of each alert on a line of its own.
// node follow.mjs polyfill|eventsource ADDRESS TOKEN
import { createRequire } from "node:module";
import { EventSource } from "./eventsource.mjs";

const [client, address, token] = process.argv.slice(2);
const headers = { Authorization: `Bearer ${token}` };
const say = (event) => console.log(JSON.parse(event.data).id);

function polyfill() {
  const { EventSourcePolyfill } = createRequire(import.meta.url)("./event-source-polyfill.cjs");
  return new EventSourcePolyfill(address, { headers });
}

function eventsource() {
  return new EventSource(address, { fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, ...headers } }) });
}

const source = client === "polyfill" ? polyfill() : eventsource();
source.addEventListener("alert", say);
source.addEventListener("open", () => console.log("open"));
source.addEventListener("error", (error) => console.error(error.status ?? error.code ?? "", error.message ?? ""));
