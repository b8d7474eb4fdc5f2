import assert from "node:assert/strict";
import { keepLimits } from "../../provider/clouds/limits";
import { definitions } from "../../provider/index";
import { liveReader } from "../../provider/live";
import { type Service, json, service } from "../clouds/service";

/** The operation stands in the SDK's models alone, so that the emulator does not have it. */
describe("the tasks at WeData that wait for one", () => {
  let stub: Service;
  let answer: unknown;
  before(async () => {
    stub = await service((_seen, response) =>
      json(response, 200, { Response: { RequestId: "r", ...(answer as object) } }),
    );
  });
  after(async () => {
    await stub.close();
    keepLimits();
  });
  const ask = () => {
    const config = new Map([
      ["wedata:endpoint", stub.endpoint],
      ["wedata:region", "ap-guangzhou"],
      ["wedata:secretId", "AKIDexample"],
      ["wedata:secretKey", "hunter2hunter2"],
    ]);
    const definition = definitions.WeDataTask as never;
    return liveReader(config, () => undefined, 5).downstream({ definition, id: "1470/20260101", outs: {} });
  };

  it("are named by DescribeSuccessorOpsTaskInfos", async () => {
    answer = {
      Data: [{ TaskId: "20260102", TaskName: "load_orders" }, { TaskId: "20260103" }, { TaskId: "20260101" }],
    };
    assert.deepEqual(await ask(), ["load_orders", "20260103"]);
    const [{ headers, body } = { headers: {}, body: "" }] = stub.seen;
    assert.equal((headers as Record<string, unknown>)["x-tc-action"], "DescribeSuccessorOpsTaskInfos");
    assert.deepEqual(JSON.parse(body), { ProjectId: "1470", TaskId: "20260101" });
  });

  it("are not told by a refusal, whose sentence shows no key", async () => {
    answer = { Error: { Code: "UnauthorizedOperation", Message: "no permission hunter2hunter2" } };
    await assert.rejects(
      ask(),
      (error: Error) => /UnauthorizedOperation/.test(error.message) && !/hunter2/.test(error.message),
    );
  });
});
