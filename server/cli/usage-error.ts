/** What a person typed cannot be done; the message is the one line that they see. Exit code 2. */
export class UsageError extends Error {}
