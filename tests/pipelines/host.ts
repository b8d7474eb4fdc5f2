import http from "node:http";
import type { AddressInfo } from "node:net";

/** What was posted to a pull request. */
export interface Posted {
  readonly path: string;
  readonly body: string;
  /** The headers that carry keys. */
  readonly keys: readonly (string | undefined)[];
}

/** The services that a pipeline asks beside the clouds: a code host's API, and the one that hands out identities. */
export interface PlayedHost {
  readonly url: string;
  /** The comments, oldest first. */
  readonly posted: Posted[];
  close(): Promise<void>;
}

const KEYS = ["authorization", "private-token", "x-yunxiao-token"];

export async function playHost({ branch, number }: { branch: string; number: number }): Promise<PlayedHost> {
  const posted: Posted[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const { pathname, searchParams } = new URL(url, "http://host");
      const sent = (chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString())) as Record<string, unknown>;
      const answer = (body: unknown) => {
        response.writeHead(200, { "Content-Type": "application/json" });
        response.end(JSON.stringify(body));
      };
      if (pathname === "/identity")
        return answer({ value: `identity for ${searchParams.get("audience") ?? "nobody"}` });
      if (pathname.endsWith("/changeRequests")) return answer([{ localId: 1, sourceBranch: "other" }, { localId: number, sourceBranch: branch }]); // prettier-ignore
      if (method === "GET" || pathname.endsWith("/comments/list")) return answer([]);
      if (method === "POST" && /\/(comments|notes)$/.test(pathname))
        posted.push({ path: pathname, body: String(sent["body"] ?? sent["content"]), keys: KEYS.map((key) => headers[key] as string) }); // prettier-ignore
      return answer({});
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posted,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
