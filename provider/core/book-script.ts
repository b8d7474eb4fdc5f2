import { randomBytes } from "node:crypto";
import { monotonic } from "./rate";
import type { Book, Booking } from "./rate";
import { Schedule } from "./schedule";

/** Runs a Lua script on a server of the Redis protocol, which does so in one piece. */
export type RunScript = (script: string, keys: readonly string[], given: readonly string[]) => Promise<unknown>;

export interface BookScriptOptions {
  run: RunScript;
  /** Of the limiter; all who book with another `perSecond` use another name. */
  name: string;
  perSecond: number;
  now?: () => number;
}

/** The service asks nobody to wait longer. */
const LONGEST_HOLD = 10 * 60_000;

/**
 * The server's clock, but for this: it never goes back. Where it was set back (a correction, a machine that was restored, a
 * replica that took over), the times that are stored would lie that far ahead, and nobody would start until then. So it
 * goes on from the last time at which something was booked, and stays as far ahead of the server's for as long as anything
 * is stored. What is booked is not forgotten, and waited for as if no time had passed since the last booking.
 */
const CLOCK = `
local t = redis.call('TIME')
local back = tonumber(redis.call('HGET', state, 'back') or '0')
local seen = tonumber(redis.call('HGET', state, 'seen') or '-1')
local at = tonumber(t[1]) * 1000 + tonumber(t[2]) / 1000 + back
if at < seen then
  redis.call('HSET', state, 'back', string.format('%.3f', back + seen - at))
  at = seen
end`;

/**
 * Schedule.book on the server, and the same fair share as in the file: who is new takes less, others may have come in
 * the same moment. All times are those of that clock. Gives its time, and the starts.
 */
const BOOK = `
local state = KEYS[2]
${CLOCK}
local places, window, gap = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local wanted, slack, writer = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', at - window)
local writers = redis.call('ZCARD', KEYS[3])
local sharing = redis.call('ZSCORE', KEYS[3], writer) and writers or math.max(5, writers + 1)
local count = math.min(wanted, places, math.ceil(places / math.max(1, sharing)))
local held = tonumber(redis.call('HGET', state, 'held') or '-1')
local latest = tonumber(redis.call('HGET', state, 'latest') or '-1')
local last = tonumber(redis.call('LINDEX', KEYS[1], -1) or '-1')
local starts = { string.format('%.3f', at) }
for i = 1, count do
  local full = -1
  if redis.call('LLEN', KEYS[1]) >= places then full = tonumber(redis.call('LPOP', KEYS[1])) end
  local start = math.max(at, held, latest + gap, full)
  latest = start
  last = math.max(start + window + slack, last)
  redis.call('RPUSH', KEYS[1], string.format('%.3f', last))
  starts[#starts + 1] = string.format('%.3f', start)
end
redis.call('HSET', state, 'seen', string.format('%.3f', at), 'latest', string.format('%.3f', latest))
redis.call('ZADD', KEYS[3], string.format('%.3f', latest), writer)
local life = math.ceil(math.max(last, held) - at + 2 * window + 1000)
for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], life) end
return starts`;

const HELD = `
local state = KEYS[1]
${CLOCK}
local held = tonumber(redis.call('HGET', state, 'held') or '-1')
local more = tonumber(ARGV[1])
if more > 0 and at + more > held then
  held = at + more
  redis.call('HSET', state, 'seen', string.format('%.3f', at), 'held', string.format('%.3f', held))
  if redis.call('PTTL', state) < more + 1000 then redis.call('PEXPIRE', state, math.ceil(more + 1000)) end
end
return { string.format('%.3f', at), string.format('%.3f', held) }`;

/**
 * A book that the machines of an account share on a server. What a killed process has booked and not used is lost, at
 * most its share of one window; nobody holds a lock.
 */
export function bookByScript({ run, name, perSecond, now = monotonic }: BookScriptOptions): Book {
  const { places, window, gap } = new Schedule(perSecond);
  const writer = randomBytes(9).toString("base64url");
  // One slot, where the server is a cluster.
  const [ends, state, writers] = ["ends", "state", "writers"].map((part) => `{${name}}:${part}`) as [
    string,
    string,
    string,
  ];

  /** Numbers of the server's clock in ours: the answer was written somewhere between the question and its arrival. */
  const asked = async (script: string, keys: readonly string[], given: readonly string[]) => {
    const before = now();
    const answer = await run(script, keys, given);
    const after = now();
    if (!Array.isArray(answer)) throw new Error("the server did not answer as a Redis server does");
    const [at = NaN, ...times] = answer.map(Number);
    // Later rather than too early: a start may be used a round trip late, and is booked with as much slack.
    return { times: times.map((time) => after + (time - at)), trip: after - before };
  };
  let trip = 20;

  return {
    async book(wanted, slack): Promise<Booking> {
      const given = [places, window, gap, wanted, slack + 2 * trip, writer].map(String);
      const answer = await asked(BOOK, [ends, state, writers], given);
      trip = Math.max(answer.trip, trip * 0.9);
      return { starts: answer.times };
    },
    async hold(time) {
      const more = Math.min(time - now(), LONGEST_HOLD);
      if (more > 0) await asked(HELD, [state], [String(more)]);
    },
    async held() {
      const { times } = await asked(HELD, [state], ["0"]);
      return times[0] ?? 0;
    },
  };
}
