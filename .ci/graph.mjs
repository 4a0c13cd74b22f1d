// graph.mjs CACHE FOLDER SCHEMAS CHROME: draws the .mermaid and .erd files of FOLDER in a browser, and validates its
// .openlineage files by SCHEMAS. CACHE holds node_modules; without CHROME nothing is drawn.
import { createRequire } from "node:module";
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

const [cache, folder, schemas, chrome] = process.argv.slice(2);
const require = createRequire(join(resolve(cache), "x.js"));
const files = readdirSync(folder).sort();
let failures = 0;

function fail(file, message) {
  failures++;
  console.error(`${file}: ${message}`);
}

async function draw() {
  if (!chrome) {
    console.log("no Chromium: Mermaid's diagrams are not drawn");
    return;
  }
  const puppeteer = require("puppeteer-core");
  const browser = await puppeteer.launch({ executablePath: chrome, args: ["--no-sandbox", "--disable-gpu"] });
  let drawn = 0;
  for (const file of files.filter((f) => /\.(mermaid|erd)$/.test(f))) {
    const page = await browser.newPage();
    const ran = [];
    page.on("dialog", (d) => { ran.push(d.message()); d.dismiss(); });
    page.on("pageerror", (e) => fail(file, e.message));
    await page.setContent("<!doctype html><body><div id=out></div></body>");
    await page.addScriptTag({ path: join(resolve(cache), "node_modules/mermaid/dist/mermaid.min.js") });
    const text = readFileSync(join(folder, file), "utf8");
    const result = await page.evaluate(async (text) => {
      try {
        mermaid.initialize({ startOnLoad: false, maxEdges: 100000, maxTextSize: 10000000 });
        const { svg } = await mermaid.render("drawn", text);
        const out = document.getElementById("out");
        out.innerHTML = svg;
        const labels = [...out.querySelectorAll(".nodeLabel, .label text, text.er.entityLabel, .entityBox + g")].map((e) => e.textContent.trim());
        return {
          labels, nodes: out.querySelectorAll("g.node").length, edges: out.querySelectorAll(".edgePaths path, path.relationshipLine").length,
          scripts: out.querySelectorAll("script, a[href], [onclick], [onload], [onerror], iframe").length, error: /Syntax error/.test(out.textContent),
        };
      } catch (e) {
        return { failed: String(e.message || e) };
      }
    }, text);
    if (result.failed) fail(file, result.failed);
    else {
      drawn++;
      if (result.error) fail(file, "Mermaid draws a syntax error");
      if (result.scripts > 0) fail(file, `${result.scripts} elements that run or lead somewhere`);
      const boxes = new Set([...text.matchAll(/^\s+((?:d|c)[0-9a-f]{12})(?:\[|\()/gm)].map((m) => m[1])).size;
      if (result.nodes < boxes) fail(file, `${result.nodes} boxes drawn of ${boxes}`);
      for (const want of file.startsWith("hostile-datasets") ? ["<script>alert(1)</script>", "`markdown`", "%%{init: {}}%%", "#quot;", 'g"h', "style:#x;"] : []) {
        if (!result.labels.some((l) => l.includes(want))) fail(file, `no label shows ${want}`);
      }
      console.log(`${file}: ${result.nodes} boxes, ${result.edges} lines`);
    }
    if (ran.length > 0) fail(file, `a script ran: ${ran}`);
    await page.close();
  }
  await browser.close();
  if (drawn === 0) fail(folder, "nothing was drawn");
}

function validate() {
  const Ajv = require("ajv/dist/2020").default;
  const ajv = new Ajv({ strict: false, allErrors: true });
  require("ajv-formats").default(ajv);
  for (const name of readdirSync(schemas).filter((f) => f.endsWith(".json"))) {
    ajv.addSchema(JSON.parse(readFileSync(join(schemas, name), "utf8")));
  }
  const check = (where, url, value) => {
    const schema = ajv.getSchema(url);
    if (!schema) fail(where, `no schema ${url}`);
    else if (!schema(value)) fail(where, `${url}: ${ajv.errorsText(schema.errors)}`);
  };
  let events = 0, facets = 0;
  for (const file of files.filter((f) => f.endsWith(".openlineage"))) {
    const lines = readFileSync(join(folder, file), "utf8").split("\n").filter(Boolean);
    for (const line of lines) {
      const event = JSON.parse(line);
      events++;
      check(file, "https://openlineage.io/spec/2-0-2/OpenLineage.json", event);
      check(file, event.schemaURL, event);
      const holders = [event.job, event.dataset, ...(event.inputs || []), ...(event.outputs || [])].filter(Boolean);
      for (const holder of holders) {
        for (const facet of Object.values(holder.facets || {})) {
          facets++;
          check(file, facet._schemaURL, facet);
        }
      }
    }
  }
  if (events === 0) fail(folder, "no event");
  console.log(`OpenLineage: ${events} events, ${facets} facets`);
  // a validator that accepts anything would prove nothing
  if (ajv.getSchema("https://openlineage.io/spec/2-0-2/OpenLineage.json")({ eventTime: "yesterday", job: {} })) fail("ajv", "accepts what is no event");
}

validate();
await draw();
process.exit(failures > 0 ? 1 : 0);
