// A program that makes agent calls with model calls inside while something is broken, looks at itself on the way, and ends by
// itself. Arguments: a name of HOST_FAULTS, the number of calls, `naive` for telemetry as one writes it at first.
import { start } from "../../../src/pipeline/start.ts";
import { type HostUnsafe, hostUnsafe } from "../../naive/host-unsafe.ts";
import { HOST_FAULTS, type HostFault } from "./host-faults.ts";
import { HostWatch } from "./host-report.ts";
import { type Ask, askThroughUs, makeCalls } from "./host-work.ts";

const [name = "none", calls = "10000", who = "ours"] = process.argv.slice(2);

const watch = new HostWatch();
const fault = who === "naive" ? {} : faultOf(name);
fault.before?.();
const ask = who === "naive" ? hostUnsafe(name as HostUnsafe) : startOurs(fault);
// What a program needs for its first calls is no delay of telemetry.
await makeCalls(200, ask, () => {});
watch.begin();
watch.workDone(await makeCalls(Number(calls), ask, fault.between ?? (() => {})));

function startOurs({ options, after, handed }: HostFault): Ask {
  start(options?.());
  after?.();
  return askThroughUs(handed);
}

function faultOf(fault: string): HostFault {
  const found = HOST_FAULTS[fault];
  if (found === undefined) throw new Error(`no such fault: ${fault}`);
  return found;
}
