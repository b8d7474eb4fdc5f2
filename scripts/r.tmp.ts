import { attackHttp, attackOperations } from "../tests/hostile/requests";
(async () => {
  for (const [n, f] of [["http", attackHttp], ["operations", attackOperations]] as const) {
    const t = Date.now(); const r = await f(1, 200);
    console.log(n, r.tried, r.failures.length, Date.now() - t);
    for (const x of r.failures.slice(0, 12)) console.log("   " + x.slice(0, 420).replaceAll("\n", " "));
  }
})();
