import { kinds, open } from "/work/trees/hostile/tests/properties/run";
import { hostilities } from "/work/trees/hostile/tests/hostile/values";
import { attackHook } from "/work/trees/hostile/tests/hostile/hook";
(async () => {
  const [,, runs = "20", only = "", kindName = "", seed="1"] = process.argv;
  for (const kind of kinds.filter(k => k.name.includes(kindName))) {
    const theatre = await open(kind);
    for (const h of hostilities.filter(h => h.name.includes(only))) {
      const t = Date.now();
      const r = await attackHook(theatre, h, Number(seed) + hostilities.indexOf(h) * 1000, h.heavy ? Math.min(6, Number(runs)) : Number(runs));
      console.log(kind.name, h.name, r.tried, r.converged, JSON.stringify(r.ends), Date.now()-t, "ms");
      for (const f of r.failures.slice(0, 3)) console.log("   " + f.slice(0, 400).replaceAll("\n"," "));
    }
    await theatre.close();
  }
  process.exit(0);
})();
