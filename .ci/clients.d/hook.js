// A hook of OpenFeature that reports the flags which a page reads: each once, in batches, also when the page is left.
const MOST = 256; // The most receipts of a request.
const KEPT = 1024; // The most that wait while the server cannot be reached.

export function exposureHook({ url = "/tracks/v1/exposures", outdated = () => {} } = {}) {
  const known = new Set(); // Those that wait, are under way, or were received.
  let waiting = [];
  let pause = 1000, timer;
  const later = () => (timer ??= setTimeout(send, pause));
  const again = (batch) => {
    waiting = batch.concat(waiting);
    for (const { receipt } of waiting.splice(KEPT)) known.delete(receipt);
    pause = Math.min(2 * pause, 60_000);
    later();
  };
  const post = async (batch) => {
    const exposures = batch.map(({ receipt, at }) => ({ receipt, ago: Date.now() - at }));
    const request = { method: "POST", body: JSON.stringify({ exposures }), credentials: "include", keepalive: true };
    const response = await fetch(url, request).catch(() => undefined);
    if (!response || response.status === 429 || response.status >= 500) return again(batch);
    pause = 1000;
    const { refused = [] } = await response.json().catch(() => ({}));
    if (refused.some(({ reason }) => reason === "changed" || reason === "expired")) outdated();
  };
  const send = () => {
    clearTimeout(timer);
    timer = undefined;
    while (waiting.length) post(waiting.splice(0, MOST));
  };
  addEventListener("pagehide", send);
  document.addEventListener("visibilitychange", () => document.hidden && send());
  return {
    after(_, { flagMetadata: { receipt } }) {
      if (!receipt || known.has(receipt) || waiting.length >= KEPT) return;
      known.add(receipt);
      waiting.push({ receipt, at: Date.now() });
      later();
    },
  };
}
