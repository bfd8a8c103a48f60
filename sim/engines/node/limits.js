// The numbers that the protocol and a server live by.

/** A client's line, in bytes before its ending. */
export const MAX_CLIENT_LINE = 8192;
/** A link's line: an AT adds a server's name and a skew to what a client may say. */
export const MAX_LINK_LINE = MAX_CLIENT_LINE + 1024;
/** How much of a line that is too long its answer repeats. */
export const OVERLONG_ECHO = 64;

/** A client is not read while more bytes than this wait to go to it, */
export const CLIENT_UNSENT = 1 << 20;
/** or more answers than this are not yet known. */
export const CLIENT_WAITING = 1000;
/** A client that takes nothing of what is unsent for so long is dropped. */
export const CLIENT_STALL_MS = 30_000;
/** A link with more bytes unsent is dropped, and dialled again. */
export const LINK_UNSENT = 64 << 20;
/** How long the other side may take to close after this one has. */
export const FAREWELL_MS = 5_000;

export const FIRST_BACKOFF_MS = 50;
export const LAST_BACKOFF_MS = 2_000;
/** From the dial to the neighbour's proof. */
export const GREETING_MS = 5_000;

export const PLACES_CONNECT_MS = 2_000;
/** From the question to the whole answer. */
export const PLACES_MS = 5_000;
export const PLACES_CONNECTIONS = 32;
export const PLACES_MAX_BODY = 4 << 20;
