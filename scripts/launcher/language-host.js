"use strict";
// Runs a Node program for the engine where the official distribution's `pulumi-language-nodejs` is missing: an engine
// built from its Go module comes without it. The program itself runs as it always does, in a process of its own started
// from the program's own `@pulumi/pulumi/cmd/run`; this is only the messenger between that process and the engine. It
// serves this repository's examples and tests. Policy packs run in the same way, from the pack's own
// `@pulumi/pulumi/cmd/run-policy-pack`. Not offered: installing dependencies, synchronous invokes, debuggers, other plugins,
// and the stack's configuration in the environment of a policy pack.
// It takes gRPC and the messages from the program's own @pulumi/pulumi too, so it can lie beside any engine.
const { spawn } = require("node:child_process");
const { createRequire } = require("node:module");
const path = require("node:path");

const fromProgram = createRequire(path.join(process.cwd(), "program.js"));
const fromPulumi = createRequire(fromProgram.resolve("@pulumi/pulumi"));
const grpc = fromPulumi("@grpc/grpc-js");
const { version } = fromPulumi("./version");
const service = fromPulumi("./proto/language_grpc_pb");
const language = fromPulumi("./proto/language_pb");
const plugin = fromPulumi("./proto/plugin_pb");

/** The exit code of a program that has already told the engine what went wrong. */
const alreadyReported = 32;
const engineAddress = process.argv.at(-1);

function run(call, callback) {
  const request = call.request;
  const info = request.getInfo();
  const folder = info.getProgramDirectory();
  const options = info.getOptions()?.toJavaScript() ?? {};
  let runner;
  try {
    runner = createRequire(path.join(folder, "program.js")).resolve("@pulumi/pulumi/cmd/run");
  } catch {
    answer(callback, { error: `@pulumi/pulumi is not installed in ${folder}: run npm install there.` });
    return;
  }
  const flags = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    project: request.getProject(),
    stack: request.getStack(),
    organization: request.getOrganization(),
    "root-directory": info.getRootDirectory(),
    pwd: request.getPwd(),
    parallel: String(request.getParallel()),
    ...(request.getDryrun() && { "dry-run": "true" }),
  };
  const child = spawn(
    process.execPath,
    [
      ...(typeof options.nodeargs === "string" ? options.nodeargs.split(/\s+/).filter(Boolean) : []),
      runner,
      ...Object.entries(flags).flatMap(([name, value]) => (value === "" ? [] : [`--${name}`, value])),
      info.getEntryPoint(),
      ...request.getArgsList(),
    ],
    {
      cwd: folder,
      // What it prints is the user's to see: the engine shows this process's output as messages of the stack.
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        PULUMI_NODEJS_TYPESCRIPT: String(options.typescript ?? true),
        ...(typeof options.tsconfig === "string" && { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig }),
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      },
    },
  );
  child.on("error", (error) => answer(callback, { error: `the program could not be started: ${error.message}` }));
  child.on("exit", (code, signal) => {
    if (code === 0) answer(callback, {});
    else if (code === alreadyReported) answer(callback, { bail: true });
    else answer(callback, { error: `the program ended with ${signal === null ? `exit code ${code}` : signal}` });
  });
}

/** A policy pack, run in its folder; what it prints goes to the engine, which finds the pack's port on the first line. */
function runPlugin(call) {
  const request = call.request;
  const folder = request.getInfo().getProgramDirectory();
  const fail = (code, details) => call.emit("error", { code, details });
  if (request.getKind() !== "analyzer") {
    fail(grpc.status.UNIMPLEMENTED, `this stand-in runs policy packs, and no plugin of the kind ${request.getKind()}`);
    return;
  }
  let runner;
  try {
    runner = createRequire(path.join(folder, "pack.js")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  } catch {
    fail(grpc.status.NOT_FOUND, `@pulumi/pulumi is not installed in ${folder}: run npm install there.`);
    return;
  }
  const child = spawn(process.execPath, [runner, ...request.getArgsList(), folder], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: Object.fromEntries(request.getEnvList().map((entry) => entry.split(/=(.*)/s).slice(0, 2))),
  });
  const send = (set) => (chunk) => call.write(set(new language.RunPluginResponse(), chunk));
  child.stdout.on(
    "data",
    send((response, chunk) => response.setStdout(chunk)),
  );
  child.stderr.on(
    "data",
    send((response, chunk) => response.setStderr(chunk)),
  );
  // The engine has no use for it any more, or is gone.
  call.on("cancelled", () => child.kill());
  child.on("error", (error) => fail(grpc.status.INTERNAL, `the policy pack could not be started: ${error.message}`));
  child.on("close", (code) => {
    call.write(new language.RunPluginResponse().setExitcode(code ?? 1));
    call.end();
  });
}

function answer(callback, { error = "", bail = false }) {
  const response = new language.RunResponse();
  response.setError(error);
  response.setBail(bail);
  callback(null, response);
}

function pluginInfo(_call, callback) {
  const response = new plugin.PluginInfo();
  response.setVersion(version);
  callback(null, response);
}

const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
server.addService(service.LanguageRuntimeService, {
  run,
  runPlugin,
  getPluginInfo: pluginInfo,
  getRequiredPackages: (_call, callback) => callback(null, new language.GetRequiredPackagesResponse()),
  getProgramDependencies: (_call, callback) => callback(null, new language.GetProgramDependenciesResponse()),
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.stdout.write(`${port}\n`);
});
