// What a front end does, for a page of the shop.
import { OpenFeature } from "@openfeature/web-sdk";
import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";
import { exposureHook } from "../hook.js";

const DEFAULTS = { delay: -1, pricing: -99, banner: "unset" };
const client = OpenFeature.getClient();

function read(flag) {
  const value = DEFAULTS[flag];
  return typeof value === "string" ? client.getStringDetails(flag, value) : client.getNumberDetails(flag, value);
}

let provider;

/** Loads the flags of the visitor, and returns those that it reads. */
globalThis.visit = async (flags) => {
  if (provider) await OpenFeature.setContext({});
  else await OpenFeature.setProviderAndWait((provider = new OFREPWebProvider({ baseUrl: location.origin, cacheMode: "disabled" })));
  return flags.map((flag) => {
    const { value, variant = "", reason = "", errorCode = "" } = read(flag);
    return [flag, JSON.stringify(value), variant, reason, errorCode];
  });
};

globalThis.report = () => OpenFeature.addHooks(exposureHook());

/** Reports while the network, and then the server, fails. The first answer of the server refuses a receipt. */
globalThis.reportInTrouble = () => {
  const send = globalThis.fetch.bind(globalThis);
  let posts = 0;
  globalThis.fetch = async (resource, options) => {
    if (!String(resource).endsWith("/tracks/v1/exposures")) return send(resource, options);
    posts += 1;
    if (posts === 1) throw new TypeError("no network");
    if (posts === 2) return new Response("", { status: 429 });
    const { counted } = await (await send(resource, options)).json();
    return Response.json({ counted, refused: [{ index: 0, reason: "changed" }] });
  };
  globalThis.settled = new Promise((settled) => OpenFeature.addHooks(exposureHook({ outdated: () => settled(posts) })));
};
