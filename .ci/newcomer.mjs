// Opens the results in Chromium by its DevTools protocol, as a person does who has the password; see
// `.ci/newcomer`.
const [debug, results, username, password] = process.argv.slice(2);

const socket = new WebSocket(debug);
await new Promise((done, failed) => { socket.onopen = done; socket.onerror = failed; });
const waiting = new Map();
let next = 0;
let asked = 0;
let session;
let loaded = () => {};
const tell = (method, params = {}) => new Promise((done, failed) => {
  waiting.set(++next, [done, failed]);
  socket.send(JSON.stringify({ id: next, method, params, sessionId: session }));
});
socket.onmessage = ({ data }) => {
  const { id, result, error, method, params } = JSON.parse(data);
  if (id) {
    const [done, failed] = waiting.get(id);
    waiting.delete(id);
    return error ? failed(new Error(error.message)) : done(result);
  }
  if (method === "Page.loadEventFired") loaded();
  if (method === "Fetch.requestPaused") tell("Fetch.continueRequest", { requestId: params.requestId });
  // The dialog for name and password, which appears only where the server asks.
  if (method === "Fetch.authRequired") {
    asked += 1;
    const authChallengeResponse = { response: "ProvideCredentials", username, password };
    tell("Fetch.continueWithAuth", { requestId: params.requestId, authChallengeResponse });
  }
};
const after = async (act) => {
  const done = new Promise((resolve, reject) => {
    loaded = resolve;
    setTimeout(() => reject(new Error("no page was loaded")), 30_000).unref();
  });
  await act();
  await done;
};
const value = async (expression) => {
  const { result, exceptionDetails } = await tell("Runtime.evaluate", { expression, returnByValue: true });
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value;
};
const open = (url) => after(() => tell("Page.navigate", { url }));
const click = (link) => after(() => value(`
  [...document.querySelectorAll("main a, nav a")].find((a) => a.textContent === ${JSON.stringify(link)}).click()`));
const check = async (what, ...parts) => {
  const text = await value("document.title + '\\n' + document.querySelector('main').innerText");
  const missing = parts.filter((part) => !text.includes(part));
  if (missing.length === 0) return console.log(`${what}: ${await value("location.href")}`);
  console.error(`${what} at ${await value("location.href")} has no ${missing.join(", ")}:\n${text}`);
  process.exit(1);
};

const { targetId } = await tell("Target.createTarget", { url: "about:blank" });
({ sessionId: session } = await tell("Target.attachToTarget", { targetId, flatten: true }));
for (const domain of ["Page", "Runtime"]) await tell(`${domain}.enable`);
await tell("Fetch.enable", { handleAuthRequests: true });

for (const entry of [results, `${results}/`]) {
  await open(entry);
  await check("the sets", "pricing");
  await click("pricing");
  await check("the results of the set", "pricing", "purchase", "control", "cheap");
  await click("Pauses");
  await check("the pauses", "pricing", "running");
}
if (asked === 0) {
  console.error("the browser was never asked for the password");
  process.exit(1);
}
console.log(`asked for the password ${asked} times`);
process.exit(0);
