import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { root } from "../../scripts/setup.js";
import { locked, productionPackages } from "../../scripts/third-party/packages";

/** Licences that ask for nothing but their notice. */
const PERMISSIVE = new Set(["MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "BlueOak-1.0.0"]);

const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
  dependencies: Record<string, string>;
  scripts: Record<string, string>;
  files: string[];
  publishConfig: object;
};

/** What opens something, by its own look. */
const KEYS: Readonly<Record<string, RegExp>> = {
  "an Alibaba Cloud access key": /\bLTAI[A-Za-z0-9]{12,}/,
  "an Alibaba Cloud session token": /\bCAIS[A-Za-z0-9+/=]{60,}/,
  "a Tencent Cloud secret id": /\bAKID[A-Za-z0-9]{24,}/,
  "an AWS access key": /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  "a private key": /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s*[A-Za-z0-9+/=]{20,}/,
  "a token of a code host": /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{40,}|glpat-[\w-]{20,})/,
  "a registry token": /\bnpm_[A-Za-z0-9]{30,}|_authToken\s*=\s*[^\s$]/,
  "a Pulumi access token": /\bpul-[0-9a-f]{40}/,
  "a password in an address": /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"'`$<{]+:[^\s/@"'`$<{]+@(?!.*example)/i,
  "a JSON web token": /\beyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}/,
};

describe("what the package brings along", () => {
  it("is under permissive licences alone", () => {
    const packages = productionPackages();
    assert.ok(packages.length > 50);
    const others = packages.filter(
      ({ licence }) => !licence.split(/ OR |[()]/).some((one) => PERMISSIVE.has(one.trim())),
    );
    assert.deepEqual(others, []);
  });

  it("runs nothing when it is installed", () => {
    assert.deepEqual(
      locked().filter(([, { dev, hasInstallScript }]) => hasInstallScript === true && dev !== true),
      [],
    );
    assert.deepEqual(
      Object.keys(manifest.scripts).filter((name) => /^(pre|post)?install$|^(pre|post)?prepare$/.test(name)),
      [],
    );
  });

  it("is installed and tested here without any package's install script", () => {
    const source = readFileSync(path.join(root, "scripts", "setup", "packages.js"), "utf8");
    assert.match(source, /"ci", [^\]]*"--ignore-scripts"/);
  });

  it("is locked with digests, and with no address of a download", () => {
    const entries = locked() as [string, { integrity?: string; resolved?: string }][];
    assert.deepEqual(
      entries.filter(([, { integrity = "", resolved }]) => !/^sha512-/.test(integrity) || resolved !== undefined),
      [],
    );
  });

  it("goes out with its provenance, and with the documents about it", () => {
    assert.deepEqual(manifest.publishConfig, { access: "public", provenance: true });
    for (const name of ["SECURITY.md", "THIRD-PARTY.md", "LICENSE"]) {
      assert.ok(manifest.files.includes(name) && existsSync(path.join(root, name)), name);
    }
  });

  it("is published by a workflow that has an identity and no key", () => {
    const file = path.join(root, ".github", "workflows", "release.yml");
    const text = readFileSync(file, "utf8");
    const { jobs, permissions } = parse(text) as {
      permissions: object;
      jobs: Record<string, { permissions?: object; steps: { run?: string; uses?: string }[] }>;
    };
    assert.deepEqual(permissions, { contents: "read" });
    assert.deepEqual(jobs["publish"]?.permissions, { contents: "read", "id-token": "write" });
    assert.doesNotMatch(text, /secrets\./);
    const runs = jobs["publish"]?.steps.flatMap(({ run }) => run ?? []).join("\n") ?? "";
    assert.match(runs, /npm ci --ignore-scripts[\s\S]*npm audit[\s\S]*npm test[\s\S]*npm publish/);
  });
});

describe("the files of the repository", () => {
  it("hold no key, token or password", () => {
    const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: root })
      .toString()
      .split("\0")
      .filter((file) => file !== "" && existsSync(path.join(root, file)) && statSync(path.join(root, file)).isFile());
    assert.ok(files.length > 300);
    const found = files.flatMap((file) => {
      const text = readFileSync(path.join(root, file), "utf8");
      return Object.entries(KEYS).flatMap(([what, look]) => {
        const [hit] = look.exec(text) ?? [];
        return hit === undefined ? [] : [`${file}: ${what}: ${hit.slice(0, 8)}…`];
      });
    });
    assert.deepEqual(found, []);
  });

  it("would be noticed with each of them", () => {
    const letters = "aB3".repeat(20);
    const samples = [
      `LTAI5t${letters}`,
      `CAIS${letters}${letters}`,
      `AKID${letters}`,
      `AKIA${"A1".repeat(8)}`,
      `-----BEGIN RSA PRIVATE KEY-----\n${letters}`,
      `ghp_${letters}`,
      `npm_${letters}`,
      `pul-${"0a".repeat(20)}`,
      `https://me:${letters}@host`,
      `eyJ${letters}.eyJ${letters}`,
    ];
    assert.deepEqual(
      Object.values(KEYS).map((look, index) => look.test(samples[index] ?? "")),
      samples.map(() => true),
    );
  });
});
