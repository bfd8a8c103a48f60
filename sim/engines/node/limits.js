// The limits of the protocol and of a server.

/** The longest line of a client, in bytes before its ending. */
export const MAX_CLIENT_LINE = 8192;
/** The longest line of a link: an AT adds a server's name and a skew to a client's line. */
export const MAX_LINK_LINE = MAX_CLIENT_LINE + 1024;
/** The number of bytes that the answer to a longer line repeats. */
export const OVERLONG_ECHO = 64;

/** The server stops reading from a client while more bytes than this are unsent to it, */
export const CLIENT_UNSENT = 1 << 20;
/** or while more answers than this are incomplete. */
export const CLIENT_WAITING = 1000;
/** The server drops a client that takes no unsent byte for this long. */
export const CLIENT_STALL_MS = 30_000;
/** The server drops a link with more unsent bytes, and it is dialled again. */
export const LINK_UNSENT = 64 << 20;
/** Timeout for the other side to close after this side has. */
export const FAREWELL_MS = 5_000;

export const FIRST_BACKOFF_MS = 50;
export const LAST_BACKOFF_MS = 2_000;
/** Timeout from the dial to the end of the handshake. */
export const HANDSHAKE_MS = 5_000;

export const PLACES_CONNECT_MS = 2_000;
/** Timeout from the query to the complete answer. */
export const PLACES_MS = 5_000;
export const PLACES_CONNECTIONS = 32;
export const PLACES_MAX_BODY = 4 << 20;
