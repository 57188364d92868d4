/** How a room is divided, as the control API and scenarios say it: lists of names of replicas or sessions. Those that no list names form one more island. */

/** Longest name of a session, in UTF-16 code units, as the relay cuts it. */
export const sessionNameLengthMax = 64;

/** Whether a text can name a session or a replica. */
export function isSessionName(text: unknown): text is string {
  return typeof text === 'string' && text.trim() === text && text.length >= 1 && text.length <= sessionNameLengthMax && !/\p{C}/u.test(text);
}
