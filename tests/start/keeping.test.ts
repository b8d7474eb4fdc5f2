import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { EngineStack } from "../../scripts/engine-stack";
import { writeEnvironment } from "../../scripts/start/keeping";

describe("the environment that npm start leaves behind", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "data-tasks-environment-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("loads into a shell with its own PATH behind ours, and is nobody else's to read", function () {
    if (process.platform === "win32") this.skip();
    const environment = {
      PATH: `/engine/it's here${path.delimiter}${process.env["PATH"] ?? ""}`,
      PULUMI_BACKEND_URL: "file:///some where",
      PULUMI_CONFIG_PASSPHRASE: `it's $HOME "x"`,
    };
    const load = writeEnvironment(folder, { environment, stack: { name: "local" } } as unknown as EngineStack);
    assert.match(load, /^source /);
    const script = `${load.replace("source", ".")}; printf '%s\\n' "$PATH" "$PULUMI_BACKEND_URL" "$PULUMI_CONFIG_PASSPHRASE" "$PULUMI_STACK"`;
    const shown = execFileSync("/bin/sh", ["-c", script], { env: { PATH: "/usr/bin" }, encoding: "utf8" });
    assert.deepEqual(shown.trimEnd().split("\n"), [
      "/engine/it's here:/usr/bin",
      "file:///some where",
      `it's $HOME "x"`,
      "local",
    ]);
    assert.equal(statSync(path.join(folder, "env.sh")).mode & 0o077, 0);
  });
});
