import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { writePrivate } from '../json-file.ts';
import type { PartContext } from './part.ts';
import { portOf } from './port-of.ts';
import type { RabbitmqBinaries } from './rabbitmq-binaries.ts';

/** Everything that keeps a private broker apart from one of the system: name, ports, folders, cookie, plugins. */
export function rabbitmqEnv(
  { home, env, ports }: PartContext,
  { home: rabbitmqHome, erlangBin, libraries }: RabbitmqBinaries,
): Record<string, string> {
  const dir = join(home.data, 'rabbitmq');
  return {
    HOME: dir,
    PATH: [erlangBin, env['PATH'] ?? ''].join(delimiter),
    LD_LIBRARY_PATH: libraries,
    RABBITMQ_HOME: rabbitmqHome,
    RABBITMQ_SYS_PREFIX: dir,
    RABBITMQ_NODENAME: 'ironforge@localhost',
    RABBITMQ_NODE_PORT: String(portOf(ports, 'rabbitmq')),
    RABBITMQ_DIST_PORT: String(portOf(ports, 'rabbitmq-distribution')),
    ERL_EPMD_PORT: String(portOf(ports, 'epmd')),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_INETRC: join(dir, 'inetrc'),
    RABBITMQ_MNESIA_BASE: join(dir, 'mnesia'),
    RABBITMQ_LOG_BASE: join(dir, 'log'),
    RABBITMQ_PID_FILE: join(dir, 'pid'),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_ENABLED_PLUGINS_FILE: join(dir, 'enabled_plugins'),
    RABBITMQ_CONFIG_FILE: join(dir, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(dir, 'advanced.config'),
    // Loopback alone, and no spinning while idle: it costs a core on small machines.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
      '-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none',
    ERL_CRASH_DUMP: join(dir, 'log', 'erl_crash.dump'),
    // epmd is a part of its own: an Erlang that started another one would leave it behind.
    ERL_AFLAGS: '-start_epmd false',
    // The start script then becomes the broker instead of waiting for it, so its pid is the broker's.
    RUNNING_UNDER_SYSTEMD: 'true',
  };
}

/** Writes the broker's configuration and cookie. */
export function writeRabbitmqFiles({ home, ports, secrets }: PartContext): void {
  const dir = join(home.data, 'rabbitmq');
  mkdirSync(join(dir, 'log'), { recursive: true, mode: 0o700 });
  const cookie = join(dir, '.erlang.cookie');
  if (!existsSync(cookie)) writePrivate(cookie, secrets.erlangCookie);
  chmodSync(cookie, 0o400);
  writePrivate(join(dir, 'enabled_plugins'), '[rabbitmq_management].\n');
  writePrivate(join(dir, 'inetrc'), '{host, {127,0,0,1}, ["localhost"]}.\n{lookup, [file, native]}.\n');
  writePrivate(
    join(dir, 'rabbitmq.conf'),
    configText(portOf(ports, 'rabbitmq'), portOf(ports, 'rabbitmq-management'), secrets.brokerPassword),
  );
}

function configText(port: number, managementPort: number, password: string): string {
  return [
    `listeners.tcp.1 = 127.0.0.1:${port}`,
    'management.tcp.ip = 127.0.0.1',
    `management.tcp.port = ${managementPort}`,
    'default_user = ironforge',
    `default_pass = ${password}`,
    'default_user_tags.administrator = true',
    // Counted by Erlang itself: some bare systems have no /proc to read it from.
    'vm_memory_calculation_strategy = allocated',
    'vm_memory_high_watermark.absolute = 1GB',
    'log.file = false',
    'log.console = true',
    'log.console.level = info',
    '',
  ].join('\n');
}
