process.on("exit", c => process.stdout.write("exit "+c+"\n")); process.on("unhandledRejection", e => process.stdout.write("UR "+(e as any)?.stack+"\n")); process.on("uncaughtException", e => process.stdout.write("UE "+(e as any)?.stack+"\n"));
import { hostilities } from "../tests/hostile/values";
import { attackClass, attackOptions, classes } from "../tests/hostile/program";
(async () => {
  const [,, runs = "20", only = "", seed="1"] = process.argv;
  for (const c of classes) {
    const o = await attackOptions(c); console.log(c.name, "options", o.tried, o.failures.length); for (const f of o.failures.slice(0,5)) console.log("   ", f.slice(0,400).replaceAll("\n"," "));
    for (const h of hostilities.filter(h => h.name.includes(only))) {
      const t = Date.now();
      const r = await attackClass(c, h, Number(seed) + 1000*hostilities.indexOf(h), h.heavy ? Math.min(6, Number(runs)) : Number(runs));
      console.log(c.name, h.name, r.tried, r.failures.length, Date.now()-t, "ms");
      for (const f of r.failures.slice(0, 3)) console.log("   " + f.slice(0, 500).replaceAll("\n"," "));
    }
  }
  process.exit(0);
})();
