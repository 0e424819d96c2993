// Takes the pictures of the README; see `.ci/pictures`.
import { writeFile } from "node:fs/promises";

import { connect } from "./devtools.mjs";

const [debug, address, folder] = process.argv.slice(2);
const pages = { tests: "sets", test: "set?name=delay" };
const { tell, open } = await connect(debug);

await tell("Emulation.setDeviceMetricsOverride", { width: 1080, height: 720, deviceScaleFactor: 1, mobile: false });
for (const dark of ["light", "dark"]) {
  await tell("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: dark }] });
  for (const [name, path] of Object.entries(pages)) {
    await open(`${address}/${path}`);
    const { data } = await tell("Page.captureScreenshot");
    await writeFile(`${folder}/${name}-${dark}.png`, Buffer.from(data, "base64"));
  }
}
process.exit(0);
