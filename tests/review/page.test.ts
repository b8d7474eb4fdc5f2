import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";
import { page } from "../../cli/review/html";
import { sideBySide } from "../../cli/review/side-by-side";
import { root } from "../../scripts/setup.js";
import { document, reviewed, task } from "./previews";

const recorded = readFileSync(path.join(root, "tests", "fixtures", "previews", "preview.json"), "utf8");
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

describe("the page of a review", () => {
  it("is the same to the letter for the same input, and asks for nothing from elsewhere", () => {
    const text = page(reviewed(recorded));
    assert.equal(text, page(reviewed(recorded)));
    assert.doesNotMatch(text, /<(link|img|iframe|script src)|url\(http|@import/);
    assert.match(text, /default-src 'none'/);
  });

  it("takes nothing in a task for HTML or a script", () => {
    const evil = `<img src=x onerror=alert(1)>"'</script><script>alert(2)</script>\u202e`;
    const text = page(reviewed(document([{ name: "a", before: task("a"), after: task(evil, { description: evil }) }])));
    assert.doesNotMatch(text, /<img|<script>alert|\u202e/);
  });

  it("lists the minutes in which many tasks start at once", () => {
    const edits = Array.from({ length: 43 }, (_, index) => ({
      name: `t${index}`,
      before: task(`t${index}`, { trigger: { type: "Scheduler", cron: `0 ${index} 2 * * ?` } }),
      after: task(`t${index}`, { trigger: { type: "Scheduler", cron: "0 0 0 * * ?" } }),
    }));
    const review = reviewed(document(edits));
    assert.deepEqual(review.calendar.pileUps.map(({ at, before, after }) => [at, before, after])[0], [
      "2026-11-29 00:00",
      0,
      43,
    ]);
    assert.match(page(review), /43 tasks start, 0 before, at <strong>2026-11-29 00:00/);
  });

  it("puts what was taken away beside what came in its place", () => {
    assert.deepEqual(sideBySide("@@ -1,3 +1,3 @@\n a\n-b\n+c\n+d\n e"), [
      { before: "a", after: "a", changed: false },
      { before: "b", after: "c", changed: true },
      { after: "d", changed: true },
      { before: "e", after: "e", changed: false },
    ]);
  });
});

describe("the page of a review in a browser", function () {
  this.timeout(120_000);
  let browser: Browser | undefined;
  let folder = "";
  before(async function () {
    // Chromium is no part of the project: where there is none, these count as skipped.
    if (executablePath === undefined) return this.skip();
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    folder = mkdtempSync(path.join(os.tmpdir(), "data-tasks-page-"));
    writeFileSync(path.join(folder, "review.html"), page(reviewed(recorded)));
  });
  after(async () => {
    await browser?.close();
    if (folder !== "") rmSync(folder, { recursive: true, force: true });
  });

  async function opened(fragment = "", width = 1200): Promise<{ view: Page; trouble: string[] }> {
    const view = await (browser as Browser).newPage({ viewport: { width, height: 900 } });
    const trouble: string[] = [];
    view.on("console", (message) => trouble.push(message.text()));
    view.on("pageerror", (error) => trouble.push(String(error)));
    view.on("request", (request) => {
      if (!request.url().startsWith("file:")) trouble.push(request.url());
    });
    await view.goto(`${pathToFileURL(path.join(folder, "review.html")).href}${fragment}`);
    return { view, trouble };
  }
  const shown = (view: Page) => view.locator("details.task:visible").count();

  it("is searched and filtered by mouse and keyboard", async () => {
    const { view, trouble } = await opened("#task-3");
    assert.equal(await view.locator("#task-3").getAttribute("open"), "");
    assert.equal(await shown(view), 7);
    await view.keyboard.press("/");
    await view.keyboard.type("ods_orders cron");
    assert.equal(await shown(view), 1);
    assert.equal(await view.locator("#count").innerText(), "1 of 7 tasks");
    await view.keyboard.press("Escape");
    assert.equal(await shown(view), 7);
    await view.locator("button[value=destructive]").click();
    assert.equal(await shown(view), 2);
    await view.locator("button[value=destructive]").press("Enter");
    assert.equal(await shown(view), 7);
    await view.locator("#task-4 > summary").press("Enter");
    assert.equal(await view.locator("#task-4").getAttribute("open"), "");
    assert.deepEqual(trouble, []);
  });

  it("is as wide as a narrow screen, and follows its colours", async () => {
    const { view } = await opened("", 360);
    const wide = await view.evaluate("document.documentElement.scrollWidth");
    assert.ok(Number(wide) <= 360, `${String(wide)} pixels`);
    const ground = () => view.evaluate("getComputedStyle(document.body).backgroundColor");
    assert.equal(await ground(), "rgb(255, 255, 255)");
    await view.emulateMedia({ colorScheme: "dark" });
    assert.equal(await ground(), "rgb(13, 17, 23)");
  });
});
