import OpenApiClient, { Config, OpenApiRequest, Params } from "@alicloud/openapi-client";
import { RuntimeOptions } from "@alicloud/tea-util";
import { Client as WedataClient } from "tencentcloud-sdk-nodejs/tencentcloud/services/wedata/v20210820/wedata_client";
import type { Emulator } from "../../emulator";

/** What came back, to be looked into. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads answers of thirty shapes
export type Answer = any;

/** Calls an operation of DataWorks 2020-05-18 with the official client; `query` names what travels in the query string. */
export function dataworksFiles(emulator: Emulator) {
  const client = new OpenApiClient(
    new Config({
      accessKeyId: emulator.accessKeyId,
      accessKeySecret: emulator.accessKeySecret,
      endpoint: new URL(emulator.dataworks).host,
      protocol: "HTTP",
    }),
  );
  return async (action: string, parameters: Record<string, unknown>): Promise<Answer> => {
    const sync = action.includes("DISync");
    const entries = Object.entries(parameters).map(([name, value]) => [name, String(value)] as const);
    const inBody = ([name]: readonly [string, string]) =>
      !sync || (action === "CreateDISyncTask" && name === "TaskContent");
    const answer = await client.callApi(
      new Params({
        action,
        version: "2020-05-18",
        protocol: "HTTPS",
        pathname: "/",
        method: "POST",
        authType: "AK",
        style: "RPC",
        reqBodyType: "formData",
        bodyType: "json",
      }),
      new OpenApiRequest({
        query: Object.fromEntries(entries.filter((entry) => !inBody(entry))),
        body: Object.fromEntries(entries.filter(inBody)),
      }),
      new RuntimeOptions({}),
    );
    return answer["body"];
  };
}

/** Calls an operation of WeData 2021-08-20 with the official client. */
export function wedata(emulator: Emulator) {
  const client = new WedataClient({
    credential: { secretId: emulator.secretId, secretKey: emulator.secretKey },
    region: "ap-guangzhou",
    profile: { httpProfile: { endpoint: new URL(emulator.wedata).host, protocol: "http://" } },
  });
  return async (action: string, parameters: Record<string, unknown>): Promise<Answer> =>
    client.request(action, parameters);
}

/** The code of the error a call ends in. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    return String((error as { code?: unknown }).code);
  }
  throw new Error("The call succeeded.");
}

/** One member of every item of a list. */
export const each = (list: unknown, member: string): unknown[] =>
  (list as Record<string, unknown>[]).map((item) => item[member]);
