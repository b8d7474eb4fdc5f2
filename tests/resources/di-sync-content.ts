import type { Properties } from "../../provider/core/definition";

/** The script of a sync task from one table to another. */
export const content = (changes: Properties = {}): Properties => ({
  type: "job",
  version: "2.0",
  steps: [
    {
      stepType: "mysql",
      name: "Reader",
      category: "reader",
      parameter: { datasource: "shop_mysql", column: ["id", "amount"], where: "" },
    },
    {
      stepType: "odps",
      name: "Writer",
      category: "writer",
      parameter: { datasource: "odps_first", partition: "pt=${bizdate}", table: "ods_orders" },
    },
  ],
  setting: { executeMode: null, errorLimit: { record: "" }, speed: { concurrent: 2, throttle: false } },
  order: { hops: [{ from: "Reader", to: "Writer" }] },
  ...changes,
});
