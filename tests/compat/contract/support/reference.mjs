// Starts Debian's janus with a generated configuration on free ports, as the server to compare with.
import { spawn } from "node:child_process";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { createServer, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const kLibraries = "/usr/lib/x86_64-linux-gnu/janus";

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Resolves when the port takes connections. */
export async function listening(port, within = 15000) {
  const end = Date.now() + within;
  while (Date.now() < end) {
    const open = await new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => (socket.destroy(), resolve(true)));
      socket.once("error", () => resolve(false));
    });
    if (open) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nothing listens on port ${port}`);
}

function roomText(id, options) {
  const lines = Object.entries(options).map(([key, value]) =>
    typeof value === "string" ? `  ${key} = "${value}"` : `  ${key} = ${value}`,
  );
  return `room-${id}: {\n${lines.join("\n")}\n}\n`;
}

/** @param rooms by number: Janus's own option names. */
export async function startReference(rooms = {}, general = {}) {
  const folder = await mkdtemp(join(tmpdir(), "janus-reference-"));
  const ws = await freePort();
  const http = await freePort();
  const conf = join(folder, "conf");
  await mkdir(conf);
  await writeFile(
    join(conf, "janus.jcfg"),
    `general: { configs_folder = "${conf}" plugins_folder = "${kLibraries}/plugins"
      transports_folder = "${kLibraries}/transports" events_folder = "${folder}"
      loggers_folder = "${folder}" debug_level = 4 server_name = "reference" }
    media: { ice_enforce_list = "" }
    plugins: { disable = "libjanus_audiobridge.so,libjanus_duktape.so,libjanus_lua.so,libjanus_nosip.so,libjanus_recordplay.so,libjanus_sip.so,libjanus_streaming.so,libjanus_textroom.so,libjanus_videocall.so,libjanus_voicemail.so" }
    transports: { disable = "libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_pfunix.so,libjanus_rabbitmq.so" }\n`,
  );
  await writeFile(
    join(conf, "janus.transport.websockets.jcfg"),
    `general: { json = "plain" ws = true ws_port = ${ws} ws_ip = "127.0.0.1" wss = false }\n`,
  );
  await writeFile(
    join(conf, "janus.transport.http.jcfg"),
    `general: { json = "plain" base_path = "/janus" http = true port = ${http} ip = "127.0.0.1" https = false }\n`,
  );
  const generalText = Object.entries(general).map(([k, v]) => `${k} = "${v}"`).join(" ");
  await writeFile(
    join(conf, "janus.plugin.videoroom.jcfg"),
    `general: { ${generalText} }\n${Object.entries(rooms).map(([id, o]) => roomText(id, o)).join("\n")}`,
  );
  await writeFile(join(conf, "janus.plugin.echotest.jcfg"), "general: { }\n");
  const log = [];
  const child = spawn("janus", ["--configs-folder", conf, "--config", join(conf, "janus.jcfg"), "--disable-colors"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.on("data", (data) => log.push(data.toString()));
  child.stderr.on("data", (data) => log.push(data.toString()));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await gone;
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await listening(ws);
    await listening(http);
  } catch (error) {
    await stop();
    throw new Error(`${error.message}\n${log.join("").slice(-2000)}`);
  }
  return { ws: `ws://127.0.0.1:${ws}/`, http: `http://127.0.0.1:${http}/janus`, log, stop };
}
