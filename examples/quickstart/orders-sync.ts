/** The script of a sync task, as Data Integration's code editor shows it. */
export function ordersToMaxCompute({ concurrency }: { concurrency: number }) {
  const columns = ["id", "customer_id", "amount", "created_at"];
  return {
    type: "job",
    version: "2.0",
    steps: [
      {
        stepType: "mysql",
        name: "Reader",
        category: "reader",
        parameter: {
          datasource: "shop_mysql",
          table: ["orders"],
          column: columns,
          where: "created_at >= '${bizdate}'",
        },
      },
      {
        stepType: "odps",
        name: "Writer",
        category: "writer",
        parameter: {
          datasource: "odps_first",
          table: "ods_orders",
          column: columns,
          partition: "pt=${bizdate}",
          truncate: true,
        },
      },
    ],
    setting: { errorLimit: { record: "0" }, speed: { concurrent: concurrency, throttle: false } },
    order: { hops: [{ from: "Reader", to: "Writer" }] },
  };
}
