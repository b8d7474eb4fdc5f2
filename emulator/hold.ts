/** One call that is stopped on its way, so that whoever made it, or this emulator, can be ended at exactly that moment. */
export interface HoldRule {
  /** Which call from now on is held, from 1, whatever its operation. */
  nth: number;
  /** `before` it takes effect, or `after` that and before its answer leaves. */
  when: "before" | "after";
}

/** How far a hold is. */
export interface Hold extends HoldRule {
  /** Calls that have come in since the hold was set. */
  calls: number;
  /** The operation of the call that is held; absent while there is none. */
  operation?: string;
}

export interface Holds {
  /** Takes the place of an earlier hold, whose call goes on. */
  set: (rule: HoldRule) => void;
  /** The hold as soon as its call is held, or as it stands when that time has passed. */
  reached: (waitMilliseconds: number) => Promise<Hold | undefined>;
  /** Lets the held call go on, or loses it: it never takes effect, or its answer never leaves. Takes the hold away. */
  release: (how: "go" | "drop") => void;
  /** Counts a call; the two moments at which it may have to wait. `drop` says that it is lost there. */
  arrives: (operation: string) => Record<HoldRule["when"], () => Promise<"go" | "drop">>;
}

/** No call is held until one is asked for. */
export function holds(): Holds {
  let current: { hold: Hold; go: (how: "go" | "drop") => void; until: Promise<"go" | "drop"> } | undefined;
  const watchers: (() => void)[] = [];
  const told = (): void => {
    for (const watcher of watchers.splice(0)) watcher();
  };
  const release = (how: "go" | "drop"): void => {
    current?.go(how);
    current = undefined;
    told();
  };
  return {
    set({ nth, when }) {
      release("go");
      let go: (how: "go" | "drop") => void = () => undefined;
      const until = new Promise<"go" | "drop">((resolve) => (go = resolve));
      current = { hold: { nth, when, calls: 0 }, go, until };
    },
    async reached(waitMilliseconds) {
      if (current !== undefined && current.hold.operation === undefined && waitMilliseconds > 0) {
        let timer: NodeJS.Timeout | undefined;
        await new Promise<void>((resolve) => {
          timer = setTimeout(resolve, waitMilliseconds);
          watchers.push(resolve);
        });
        clearTimeout(timer);
      }
      return current && { ...current.hold };
    },
    release,
    arrives(operation) {
      const mine = current;
      const held = mine !== undefined && (mine.hold.calls += 1) === mine.hold.nth;
      const at = (when: HoldRule["when"]) => async (): Promise<"go" | "drop"> => {
        if (!held || mine.hold.when !== when || current !== mine) return "go";
        mine.hold.operation = operation;
        told();
        return mine.until;
      };
      return { before: at("before"), after: at("after") };
    },
  };
}
