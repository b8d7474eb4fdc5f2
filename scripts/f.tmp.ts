import { readers } from "../tests/hostile/readers";
import { hostileFiles } from "../tests/hostile/files";
import { survives } from "../tests/hostile/readers";
(async () => {
  for (const r of (await readers()).slice(Number(process.argv[2] ?? 1))) {
    const { files } = hostileFiles({ ...r.sample, every: 60 });
    for (const f of files) { const t = Date.now(); let e = ""; await survives(r, f).catch(x => e = String(x.message ?? x)); const d = Date.now() - t; if (d > 300 || e) console.log(r.name, f.kind, f.name, d, e.slice(0, 250).replaceAll("\n", " ")); }
  }
})();
