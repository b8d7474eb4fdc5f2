import OpenApiClient, { Config, OpenApiRequest, Params } from "@alicloud/openapi-client";
import { RuntimeOptions } from "@alicloud/tea-util";
import type { Emulator } from "../../emulator";
import type { Answer } from "./official-clients";

const gets = new Set(["GetTask", "GetNode", "GetPipelineRun", "GetProject", "ListNodes", "ListNodeDependencies"]);
for (const name of ["ListPipelineRuns", "ListPipelineRunItems", "ListUpstreamTasks", "ListDownstreamTasks"])
  gets.add(name);
for (const name of ["ListTaskOperationLogs", "ListWorkflowDefinitions"]) gets.add(name);

export type Call = (action: string, parameters: Record<string, unknown>) => Promise<Answer>;

/** Calls an operation of DataWorks 2024-05-18 with the official client; nested values travel as JSON text. */
export function dataworks(emulator: Emulator, config: Record<string, unknown> = {}): Call {
  const client = new OpenApiClient(
    new Config({
      accessKeyId: emulator.accessKeyId,
      accessKeySecret: emulator.accessKeySecret,
      endpoint: new URL(emulator.dataworks).host,
      protocol: "HTTP",
      ...config,
    }),
  );
  return async (action, parameters): Promise<Answer> => {
    const method = gets.has(action) ? "GET" : "POST";
    const texts = Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [
        name,
        typeof value === "object" ? JSON.stringify(value) : String(value),
      ]),
    );
    const params = new Params({
      ...{ action, version: "2024-05-18", protocol: "HTTP", pathname: "/", method, authType: "AK", style: "RPC" },
      ...{ reqBodyType: "formData", bodyType: "json" },
    });
    const request = new OpenApiRequest(method === "GET" ? { query: texts } : { body: texts });
    return (await client.callApi(params, request, new RuntimeOptions({ readTimeout: 10_000 })))["body"];
  };
}

/** A FlowSpec document of one SQL node. */
export const flow = (name: string, members: Record<string, unknown> = {}, upstreams: readonly string[] = []): string =>
  JSON.stringify({
    version: "1.1.0",
    kind: "Node",
    spec: {
      nodes: [
        {
          id: name,
          name,
          script: { path: `etl/${name}`, runtime: { command: "ODPS_SQL" }, content: "select 1;" },
          ...members,
        },
      ],
      flow: [{ nodeId: name, depends: upstreams.map((output) => ({ type: "Normal", output })) }],
    },
  });

/** Waits until a pipeline run has ended, one way or the other. */
export async function ended(call: Call, projectId: string, id: string): Promise<Answer> {
  for (let tries = 0; tries < 200; tries += 1) {
    const { Pipeline } = await call("GetPipelineRun", { ProjectId: projectId, Id: id });
    if (!["Init", "Running"].includes(Pipeline.Status)) return Pipeline;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`The pipeline run ${id} does not end.`);
}

/** Publishes a node, or takes it offline, and answers the run. */
export async function pipeline(call: Call, projectId: string, node: string, type = "Online"): Promise<Answer> {
  const run = { ProjectId: projectId, Type: type, ObjectIds: [node], RunMode: "Auto", AutoRunUntilStage: "PROD" };
  return ended(call, projectId, (await call("CreatePipelineRun", run)).Id);
}

/** Makes a node, publishes it, and answers both ids. */
export async function published(call: Call, projectId: string, spec: string): Promise<{ node: string; task: string }> {
  const { Id: node } = await call("CreateNode", { ProjectId: projectId, Scene: "DATAWORKS_PROJECT", Spec: spec });
  const run = await pipeline(call, projectId, node);
  if (run.Status !== "Success") throw new Error(`Publishing ended with ${run.Status}: ${run.Message}`);
  return { node, task: String((await call("GetNode", { ProjectId: projectId, Id: node })).Node.TaskId) };
}
