// A hook of OpenFeature that reports the flags which a page reads: each once, in batches, also when the page is left.
const MOST = 256; // The most receipts of a request.
const KEPT = 1024; // The most that wait while the server cannot be reached.

export function exposureHook({ url = "/tracks/v1/exposures", outdated = () => {} } = {}) {
  const known = new Set(); // Those that wait, are under way, or were counted.
  let waiting = [];
  let pause = 1000, timer;
  const later = () => (timer ??= setTimeout(send, pause));
  const forget = (some) => some.forEach(({ receipt }) => known.delete(receipt));
  const post = async (batch) => {
    const exposures = batch.map(({ receipt, at }) => ({ receipt, ago: Date.now() - at }));
    // It goes on when the page is left.
    const request = { method: "POST", body: JSON.stringify({ exposures }), credentials: "include", keepalive: true };
    const response = await fetch(url, request).catch(() => undefined);
    const answer = response?.ok ? await response.json().catch(() => undefined) : undefined;
    if (!answer && response?.status !== 400) { // Only a body that is wrong is wrong again.
      waiting = batch.concat(waiting);
      forget(waiting.splice(KEPT));
    }
    const refused = answer?.refused ?? [];
    forget(refused.map(({ index }) => batch[index]));
    pause = answer && !refused.length ? 1000 : Math.min(2 * pause, 60_000);
    if (refused.some(({ reason }) => reason !== "excluded")) outdated();
    if (waiting.length) later();
  };
  const send = async () => {
    if (waiting.length) await post(waiting.splice(0, MOST));
    timer = undefined;
    if (waiting.length) later();
  };
  const leave = () => {
    while (waiting.length) post(waiting.splice(0, MOST));
  };
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => document.hidden && leave());
  return {
    after(_, { flagMetadata: { receipt } }) {
      if (!receipt || known.has(receipt) || waiting.length >= KEPT) return;
      known.add(receipt);
      waiting.push({ receipt, at: Date.now() });
      later();
    },
  };
}
