"use strict";
const path = require("node:path");
const { findOnPath, run, tail } = require("./command.js");
const { SetupFailure } = require("./failure.js");
const { cacheFolder, homeFolder, root } = require("./folders.js");
const { step } = require("./progress.js");

const module_ = path.join(root, "scripts", "engine");
const command = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
const oldestGo = "1.25.8";
const byHand = "install Pulumi (https://www.pulumi.com/docs/install/)";

/** Builds the `pulumi` command from its Go module at the pinned version into `output`. */
async function buildEngine(version, output, download) {
  const go = findOnPath("go");
  if (go === undefined) {
    throw new SetupFailure(
      `There is no Pulumi engine here: pulumi is not on PATH, ${download.why}, and there is no Go to build it with; ` +
        `${byHand} or Go ${oldestGo} or newer (https://go.dev/dl/), and run the same command again.`,
    );
  }
  await step(
    `Building Pulumi ${version} from its Go module`,
    async (detail) => {
      const args = ["build", "-v", "-mod=readonly", "-trimpath", "-buildvcs=false"];
      const link = `-s -w -X ${versionVariable}=v${version}`;
      let compiled = 0;
      const result = await run(go, [...args, "-ldflags", link, "-o", output, command], {
        cwd: module_,
        env: buildEnvironment(),
        onLine: (line) => {
          if (line.startsWith("go: downloading")) detail(line.slice("go: ".length));
          else detail(`${++compiled} packages compiled`);
        },
      });
      if (result.code !== 0) throw new SetupFailure(explain(result.stderr));
    },
    { expected: "two to five minutes, once" },
  );
}

function buildEnvironment() {
  const env = { ...process.env, CGO_ENABLED: "0", GOWORK: "off" };
  delete env.GOOS;
  delete env.GOARCH;
  if (homeFolder() === undefined) {
    // Go keeps its caches under the home folder, and refuses to work without one.
    env.GOCACHE ??= path.join(cacheFolder(), "go", "build");
    env.GOPATH ??= path.join(cacheFolder(), "go");
  }
  return env;
}

function explain(output) {
  const needed = /requires go >= (\S+) \(running go (\S+?)[;)]/.exec(output);
  if (needed !== null) {
    return (
      `Building Pulumi needs Go ${needed[1]} and found ${needed[2]}: install a newer Go (https://go.dev/dl/), ` +
      `or unset GOTOOLCHAIN so that Go can fetch it, or ${byHand}, and run the same command again.`
    );
  }
  if (
    /dial tcp|no such host|i\/o timeout|connection refused|proxyconnect|network is unreachable|TLS handshake|GOPROXY=off/.test(
      output,
    )
  ) {
    return (
      `Building Pulumi could not reach the Go module proxy: check the network (or GOPROXY), or ${byHand}, ` +
      `and run the same command again. Go said: ${tail(output, 1)}`
    );
  }
  if (/no space left on device/.test(output)) {
    return "Building Pulumi needs about 3 GB of disk space for Go's caches, and the disk is full: make room and run again.";
  }
  return `Building Pulumi failed; ${byHand} and run the same command again, or see what Go said:\n${tail(output)}`;
}

module.exports = { buildEngine };
