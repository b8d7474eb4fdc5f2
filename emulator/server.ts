import fastify from "fastify";
import type { FastifyInstance } from "fastify";
import { ControlError } from "./control";
import type { Outcome } from "./gateway";
import type { WireRequest } from "./protocol/request";
import { Refusal } from "./service";

/** An HTTP server that hands every request outside /_emulator to the gateway, byte for byte as it came. */
export function httpServer(answer: (request: WireRequest) => Promise<Outcome>): FastifyInstance {
  const server = fastify({
    bodyLimit: 64 * 1024 * 1024,
    forceCloseConnections: true,
    routerOptions: { querystringParser: () => ({}) },
  });
  // Signatures are over raw bytes, so no body is parsed here, whatever type it claims to be.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  server.setErrorHandler(async (error, _request, reply) => {
    const status =
      error instanceof ControlError
        ? 400
        : error instanceof Refusal
          ? error.http
          : ((error as { statusCode?: number }).statusCode ?? 500);
    await reply.code(status).send({ error: error instanceof Error ? error.message : String(error) });
  });
  server.route({
    method: ["GET", "POST", "PUT", "DELETE", "PATCH"],
    url: "/*",
    handler: async (request, reply) => {
      const [path = "/", query = ""] = split(request.url);
      const outcome = await answer({
        method: request.method,
        path,
        query,
        headers: request.headers as Record<string, string>,
        body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
      });
      if (outcome === "cut") {
        reply.hijack();
        request.raw.socket.destroy();
        return;
      }
      // As bytes: fastify would add a charset to the type of a text, and the Python SDK of Tencent then sees no error in it.
      return reply.code(outcome.http).headers(outcome.headers).send(Buffer.from(outcome.text));
    },
  });
  return server;
}

const split = (url: string): [string, string] => {
  const at = url.indexOf("?");
  return at < 0 ? [url, ""] : [url.slice(0, at), url.slice(at + 1)];
};
