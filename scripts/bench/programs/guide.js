"use strict";
// What a team writes that follows Pulumi's guide to dynamic providers: a class that has its client in it, a new provider for
// every resource, one call per task. The engine stores the code of all of it with each resource.
const pulumi = require("@pulumi/pulumi");
const crypto = require("node:crypto");
const url = require("node:url");
const tasksOf = require("./arguments");

const sha256 = (text) => crypto.createHash("sha256").update(text).digest("hex");

/** The least that signs a call to DataWorks. */
class Client {
  constructor(endpoint, accessKeyId, accessKeySecret) {
    this.endpoint = endpoint;
    this.accessKeyId = accessKeyId;
    this.accessKeySecret = accessKeySecret;
  }

  async call(operation, parameters) {
    const body = new url.URLSearchParams(parameters).toString();
    const { host } = new url.URL(this.endpoint);
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      host,
      "x-acs-action": operation,
      "x-acs-content-sha256": sha256(body),
      "x-acs-date": new Date().toISOString().replace(/\.\d+Z$/, "Z"),
      "x-acs-signature-nonce": crypto.randomUUID(),
      "x-acs-version": "2024-05-18",
    };
    const signed = Object.keys(headers).sort();
    const canonical = [
      ...["POST", "/", "", ...signed.map((name) => `${name}:${headers[name]}`), ""],
      ...[signed.join(";"), headers["x-acs-content-sha256"]],
    ].join("\n");
    const signature = crypto
      .createHmac("sha256", this.accessKeySecret)
      .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
      .digest("hex");
    const authorization = `ACS3-HMAC-SHA256 Credential=${this.accessKeyId},SignedHeaders=${signed.join(";")},Signature=${signature}`;
    const answer = await globalThis.fetch(this.endpoint, {
      method: "POST",
      headers: { ...headers, authorization },
      body,
    });
    const result = await answer.json();
    if (!answer.ok) throw new Error(`${operation}: ${result.Code}: ${result.Message}`);
    return result;
  }
}

const wireOf = (args) => ({
  Id: args.adopt.id,
  EnvType: "Prod",
  Description: args.description,
  RerunMode: args.rerunMode,
  RerunTimes: String(args.rerunTimes),
  RerunInterval: String(args.rerunIntervalSeconds * 1000),
  Trigger: JSON.stringify({ Type: args.trigger.type, Cron: args.trigger.cron, Recurrence: args.trigger.recurrence }),
});

class TaskProvider {
  constructor(client) {
    this.client = client;
  }
  async check(_olds, news) {
    return { inputs: news, failures: [] };
  }
  async diff(_id, olds, news) {
    return { changes: JSON.stringify(olds.trigger) !== JSON.stringify(news.trigger) };
  }
  async create(inputs) {
    await this.client.call("UpdateTask", wireOf(inputs));
    return { id: inputs.adopt.id, outs: inputs };
  }
  async update(_id, _olds, news) {
    await this.client.call("UpdateTask", wireOf(news));
    return { outs: news };
  }
}

class Task extends pulumi.dynamic.Resource {
  constructor(name, args, client) {
    super(new TaskProvider(client), name, args);
  }
}

module.exports = (plan) => {
  const client = new Client(plan.endpoint, plan.accessKeyId, plan.accessKeySecret);
  for (const { name, args } of tasksOf(plan)) new Task(name, args, client);
};
