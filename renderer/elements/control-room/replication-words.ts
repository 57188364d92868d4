/** What the charts of divergence and lag say in words. Pure functions of the series. */
import { capital, counted, listOf, timeWords } from '../../../shared/analysis/phrases.ts';
import type { ReplicationSeries } from '../../../shared/analysis/replication/replication-series.ts';

const nothingYet = 'No window has noted anything yet.';
/** Less is not worth a word, in milliseconds. */
const behindMsMin = 1_000;

/** "Fields differed for 2 min 10 s, 5 at most." */
export function divergenceSentence({ fields, fieldsMax, fieldsNow, divergedMs }: ReplicationSeries): string {
  if (fields.length === 0) return nothingYet;
  if (fieldsMax === 0) return 'All replicas showed the same all the time.';
  const most = fieldsMax === 1 ? `One field at a time differed, for ${timeWords(divergedMs)} in all.` : `Fields differed for ${timeWords(divergedMs)}, ${fieldsMax} at most.`;
  return fieldsNow === 0 ? most : `${most} ${capital(counted(fieldsNow, 'field'))} ${fieldsNow === 1 ? 'differs' : 'differ'} now.`;
}

/** "C was up to 2 min 10 s behind, A up to 12 s." */
export function lagSentence({ behind }: ReplicationSeries): string {
  if (behind.length === 0) return nothingYet;
  const late = behind.filter(({ msMax }) => msMax >= behindMsMin).sort((a, b) => b.msMax - a.msMax);
  const [worst, ...others] = late;
  if (!worst) return 'No replica was ever a second behind.';
  const most = [`${worst.replica} was up to ${timeWords(worst.msMax)} behind`, ...others.map(({ replica, msMax }) => `${replica} up to ${timeWords(msMax)}`)].join(', ');
  const now = behind.filter(({ ms }) => (ms.at(-1) ?? 0) >= behindMsMin).map(({ replica, ms }) => `${replica} ${timeWords(ms.at(-1)!)}`);
  return now.length === 0 ? `${most}.` : `${most}. Now: ${listOf(now)}.`;
}

/** The largest value, as its label in the chart: "130 s", "12 min". */
export function peakWords(ms: number): string {
  if (ms < 9_950) return `${Math.round(ms / 100) / 10} s`;
  return ms < 600_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} min`;
}
