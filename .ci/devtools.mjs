// A page of Chromium, driven by its DevTools protocol.

/** How long a page may take to load, in milliseconds. */
const patience = 30_000;

/**
 * Opens a page of the browser at `debug`. `on` has a function for each event that it waits for, which
 * takes the event's parameters and `tell`, and `domains` are those that send events. A page that is `apart`
 * shares no cookies with the others.
 */
export async function connect(debug, { apart = false, domains = [], on = {} } = {}) {
  const socket = new WebSocket(debug);
  await new Promise((done, failed) => { socket.onopen = done; socket.onerror = failed; });
  const waiting = new Map();
  let next = 0;
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
    on[method]?.(params, tell);
  };

  /** Does something, and waits until a page is loaded. */
  const after = async (act) => {
    const done = new Promise((resolve, reject) => {
      loaded = resolve;
      setTimeout(() => reject(new Error("no page was loaded")), patience).unref();
    });
    await act();
    await done;
  };
  const open = (url) => after(() => tell("Page.navigate", { url }));

  /** Returns the value of an expression, after its promise. */
  const value = async (expression) => {
    const { result, exceptionDetails } = await tell("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };

  const { browserContextId } = apart ? await tell("Target.createBrowserContext") : {};
  const { targetId } = await tell("Target.createTarget", { url: "about:blank", browserContextId });
  ({ sessionId: session } = await tell("Target.attachToTarget", { targetId, flatten: true }));
  for (const domain of ["Page", "Runtime", ...domains]) await tell(`${domain}.enable`);
  return { tell, after, open, value };
}
