/** The forms in which a secret may lie in a text: as it is, and as URLs, JSON, shells and encodings carry it. */
export function formsOf(secret: string): Map<string, string> {
  const json = JSON.stringify(secret).slice(1, -1);
  const bytes = Buffer.from(secret);
  const forms = new Map<string, string>([
    ["plain", secret],
    ["URL-encoded", encodeURIComponent(secret)],
    ["form-encoded", new URLSearchParams({ "": secret }).toString().slice(1)],
    ["in JSON", json],
    ["in JSON within JSON", JSON.stringify(json).slice(1, -1)],
    ["in JSON of Go", json.replace(/[&<>]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`)],
    ["hexadecimal", bytes.toString("hex")],
  ]);
  // Inside a longer text the encoding depends on where the secret begins; its first and last characters on what is around.
  for (const before of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const own = encoded.slice(
      before === 0 ? 0 : before + 1,
      encoded.length - ((bytes.length + before) % 3 === 0 ? 0 : 1),
    );
    forms.set(`base64, ${before} before it`, own);
    forms.set(`base64url, ${before} before it`, own.replaceAll("+", "-").replaceAll("/", "_"));
  }
  return forms;
}

/** In which forms which of the secrets lie in a text; `secrets` by what they are. */
export function found(text: string, secrets: Readonly<Record<string, string>>): string[] {
  return Object.entries(secrets).flatMap(([what, secret]) =>
    [...formsOf(secret)].filter(([, form]) => text.includes(form)).map(([form]) => `${what}, ${form}`),
  );
}

/** What stands around the first place where one of the forms lies, for a report; the secret itself left out. */
export function around(text: string, secret: string): string {
  for (const form of formsOf(secret).values()) {
    const at = text.indexOf(form);
    if (at >= 0)
      return `${text.slice(Math.max(0, at - 120), at)}[…]${text.slice(at + form.length, at + form.length + 60)}`.replace(
        /\s+/g,
        " ",
      );
  }
  return "";
}
