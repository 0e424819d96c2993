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

/** Loads the flags of the visitor, and returns those that it reads. */
globalThis.visit = async (flags) => {
  await OpenFeature.setProviderAndWait(new OFREPWebProvider({ baseUrl: location.origin, cacheMode: "disabled" }));
  return flags.map((flag) => {
    const { value, variant = "", reason = "", errorCode = "" } = read(flag);
    return [flag, JSON.stringify(value), variant, reason, errorCode];
  });
};

globalThis.outdated = 0;
globalThis.report = () => OpenFeature.addHooks(exposureHook({ outdated: () => (globalThis.outdated += 1) }));
