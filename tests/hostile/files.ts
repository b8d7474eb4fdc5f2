import { mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, truncateSync, writeFileSync, closeSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** A file that a reader is given, and whether a careful reader may take it all the same. */
export interface HostileFile {
  /** What is hostile about it, without the place where it lies. */
  readonly name: string;
  readonly kind: string;
  readonly file: string;
}

export interface Sample {
  /** A sound document of the format, which is cut and spoilt in every way. */
  readonly text: string;
  /** Lines of JSON are cut and spoilt as JSON is, and not mangled member by member. */
  readonly format: "json" | "lines" | "yaml";
  /** Every so many bytes the document is cut off; 1 is at every byte. */
  readonly every?: number;
}

const aliasBomb = () => {
  const levels = "abcdefghijkl".split("");
  const lines = levels.map((name, level) => {
    const below = levels[level - 1];
    return `${name}: &${name} [${Array.from({ length: 10 }, () => (below === undefined ? '"x"' : `*${below}`)).join(", ")}]`;
  });
  return `${lines.join("\n")}\n`;
};
const mergeBomb = () => {
  const lines = Array.from({ length: 40 }, (_, level) =>
    level === 0 ? "m0: &m0 {x: 1}" : `m${level}: &m${level} {<<: [*m${level - 1}, *m${level - 1}], k${level}: 1}`,
  );
  return `${lines.join("\n")}\n`;
};

/** Texts that go wrong whatever the document is. */
function texts({ text, format }: Sample): [kind: string, name: string, content: string | Buffer][] {
  const isYaml = format === "yaml";
  const spoilt = (from: string | RegExp, to: string) => text.replace(from, () => to);
  return [
    ["empty", "no byte", ""],
    ["empty", "blanks", " \n\t\n"],
    ["empty", "only a byte order mark", "\ufeff"],
    ["empty", "null", "null"],
    ["empty", "an empty object", "{}"],
    ["empty", "an empty list", "[]"],
    ["wrong documents", "a list", "[1, 2, 3]"],
    ["wrong documents", "a text", '"select 1;"'],
    ["wrong documents", "a number beyond 2^53", "9007199254740993"],
    ["wrong documents", "a page", "<!doctype html><html><body>502 Bad Gateway</body></html>"],
    ["wrong documents", "a program", "module.exports = { version: 1 };"],
    ["encodings", "UTF-16 LE", Buffer.from(`\ufeff${text}`, "utf16le")],
    ["encodings", "UTF-16 BE", Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
    ["encodings", "UTF-16 without a mark", Buffer.from(text, "utf16le")],
    ["encodings", "a byte order mark", `\ufeff${text}`],
    ["encodings", "Latin-1", Buffer.from(spoilt(/[a-z]{3}/, "größe"), "latin1")],
    ["encodings", "GB18030 bytes", Buffer.concat([Buffer.from(text), Buffer.from([0xd6, 0xd0, 0xce, 0xc4])])],
    ["encodings", "an overlong sequence", Buffer.concat([Buffer.from([0xc0, 0xaf]), Buffer.from(text)])],
    ["encodings", "half of a surrogate pair", Buffer.concat([Buffer.from(text), Buffer.from([0xed, 0xa0, 0x80])])],
    ["encodings", "noughts", Buffer.concat([Buffer.alloc(4096), Buffer.from(text)])],
    ["encodings", "gzip", Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, ...Buffer.from(text).subarray(0, 200)])],
    ["control characters", "a bell in the middle", text.slice(0, text.length / 2) + "\u0007" + text.slice(text.length / 2)],
    ["control characters", "line ends of old Macs", text.replaceAll("\n", "\r")],
    ["control characters", "terminal sequences", spoilt(/[a-z]{3}/, "\u001b[2J\u001b[31m")],
    ["prototype keys", "__proto__", isYaml ? `__proto__:\n  polluted: true\n${text}` : spoilt("{", '{"__proto__": {"polluted": true}, ')],
    ["prototype keys", "constructor", isYaml ? `constructor: {prototype: {polluted: true}}\n${text}` : spoilt("{", '{"constructor": {"prototype": {"polluted": true}}, ')],
    ["duplicate keys", "the whole twice", isYaml ? `${text}\n${text}` : spoilt("{", `{"version": "other", "version": "again", `)],
    ["depth", "10,000 lists", "[".repeat(10_000) + "]".repeat(10_000)],
    ["depth", "10,000 objects", '{"a":'.repeat(10_000) + "1" + "}".repeat(10_000)],
    ["depth", "1,000,000 open brackets", "[".repeat(1_000_000)],
    ["depth", "10,000 levels inside", isYaml ? `${text}\ndeep: ${"[".repeat(10_000)}${"]".repeat(10_000)}\n` : spoilt("{", `{"deep": ${"[".repeat(10_000)}${"]".repeat(10_000)}, `)],
    ["bombs", "aliases of aliases", aliasBomb()],
    ["bombs", "merges of merges", mergeBomb()],
    ["bombs", "an anchor that holds itself", "a: &a [*a]\n"],
    ["bombs", "an unknown alias", "a: *nobody\n"],
    ["bombs", "tags of another language", "a: !!python/object/apply:os.system ['id']\nb: !!js/function 'x'\n"],
    ["bombs", "a text of a million quotes", `a: ${'"'.repeat(1_000_000)}\n`],
    ["huge", "a key of 5 MB", isYaml ? `${"k".repeat(5_000_000)}: 1\n` : `{"${"k".repeat(5_000_000)}": 1}`],
    ["huge", "a text of 20 MB", isYaml ? `a: ${"x".repeat(20_000_000)}\n` : `{"a": "${"x".repeat(20_000_000)}"}`],
    ["huge", "200,000 members", `{${Array.from({ length: 200_000 }, (_, at) => `"k${at}": ${at}`).join(",")}}`],
  ]; // prettier-ignore
}

const strange = [null, -1, "x", "\u001b[2J\ud800", true, [], {}, [null], { a: 1 }, [[{}]], 1e308] as const;

/** A JSON document with a strange value in place of each of its members in turn, every so many of them. */
function mangled(text: string, every: number): [name: string, content: string][] {
  const result: [string, string][] = [];
  const document = JSON.parse(text) as unknown;
  let [seen, turn] = [0, 0];
  const visit = (tree: unknown, way: string): void => {
    if (typeof tree !== "object" || tree === null) return;
    const members = tree as Record<string, unknown>;
    for (const name of Object.keys(members)) {
      const before = members[name];
      for (const value of strange) {
        seen += 1;
        if (seen % every !== 0) continue;
        members[name] = value;
        result.push([`${way}.${name} ${JSON.stringify(value)} ${(turn += 1)}`, JSON.stringify(document)]);
      }
      members[name] = before;
      visit(before, `${way}.${name}`);
    }
  };
  visit(document, "");
  return result;
}

/**
 * Files that a reader of documents must survive, in a folder of their own: cut off, misspelt, in other encodings, deep,
 * huge, none at all. For any reader: it gets a path, and whatever it says has to be a sentence. `remove` takes them away.
 */
export function hostileFiles(sample: Sample): { files: HostileFile[]; remove: () => void } {
  const folder = mkdtempSync(path.join(os.tmpdir(), "data-tasks-files-"));
  const files: HostileFile[] = [];
  const at = (name: string) =>
    path.join(folder, `${files.length}-${name.replace(/\W+/g, "-").slice(0, 40)}.${sample.format}`);
  const add = (kind: string, name: string, content: string | Buffer) => {
    const file = at(name);
    writeFileSync(file, content);
    files.push({ kind, name, file });
  };
  for (const [kind, name, content] of texts(sample)) add(kind, name, content);
  const bytes = Buffer.from(sample.text);
  for (let end = 1; end < bytes.length; end += sample.every ?? 1)
    add("truncated", `after ${end} bytes`, bytes.subarray(0, end));
  if (sample.format === "json")
    for (const [name, content] of mangled(sample.text, sample.every ?? 1)) add("mangled", name, content);

  const odd = (kind: string, name: string, make: (file: string) => void) => {
    const file = at(name);
    make(file);
    files.push({ kind, name, file });
  };
  odd("no files", "a folder", (file) => mkdirSync(file));
  odd("no files", "nothing there", () => undefined);
  odd("no files", "a link to nothing", (file) => symlinkSync(path.join(folder, "nowhere"), file));
  odd("no files", "a link to itself", (file) => symlinkSync(file, file));
  odd("huge", "100 MB of noughts", (file) => {
    closeSync(openSync(file, "w"));
    truncateSync(file, 100 * 1024 * 1024);
  });
  odd("huge", "10 GB of noughts", (file) => {
    closeSync(openSync(file, "w"));
    truncateSync(file, 10 * 1024 ** 3);
  });
  if (process.platform !== "win32") {
    odd("devices", "an endless device", (file) => symlinkSync("/dev/zero", file));
    odd("devices", "an empty device", (file) => symlinkSync("/dev/null", file));
    odd("devices", "a device of chance", (file) => symlinkSync("/dev/urandom", file));
    odd("devices", "a device without end or beginning", (file) => symlinkSync("/dev/full", file));
  }
  return { files, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
