// Opens pages in headless Chromium as people meet them (phone and desk, light and dark) and asks
// axe-core what is wrong. Ends with 1 if anything is serious or critical, if a page is wider than
// its window, or if it wants anything from elsewhere.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const [browser, ...pages] = process.argv.slice(2);
const axe = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const chromium = await puppeteer.launch({ executablePath: browser, args: ["--no-sandbox"] });
let failed = 0;

function complain(page, text) {
  failed += 1;
  console.log(`${page}: ${text}`);
}

for (const path of pages) {
  for (const width of [390, 1280]) {
    for (const scheme of ["light", "dark"]) {
      const where = `${path} (${width} px, ${scheme})`;
      const tab = await chromium.newPage();
      const own = pathToFileURL(resolve(path)).href;
      tab.on("request", (request) => {
        const address = request.url();
        if (address !== own && !address.startsWith("data:")) complain(where, `loads ${address}`);
      });
      tab.on("console", (message) => {
        if (message.type() === "error") complain(where, message.text());
      });
      await tab.setViewport({ width, height: 844 });
      await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await tab.goto(own);
      const wide = await tab.evaluate(() => document.documentElement.scrollWidth);
      if (wide > width) complain(where, `is ${wide} px wide`);
      // Only axe itself is put in; the page's own policy lets nothing run.
      await tab.evaluate(axe);
      const found = await tab.evaluate(() => globalThis.axe.run());
      for (const { id, impact, help, nodes } of found.violations) {
        const text = `${impact}: ${id}: ${help}: ${nodes[0].html.slice(0, 200)}`;
        if (impact === "serious" || impact === "critical") complain(where, text);
        else console.log(`${where}: ${text}`);
      }
      await tab.close();
    }
  }
}
await chromium.close();
console.log(`${pages.length} pages, ${failed} complaints`);
process.exitCode = failed ? 1 : 0;
