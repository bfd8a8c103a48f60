import java.io.IOException;

/** A kind of I/O: decides which threads wait for sockets and run sessions. */
interface Network {
  /** The wait after a failure to accept, for example because of too many open files. */
  int ACCEPT_PAUSE_MS = 100;
  int BACKLOG = 4096;
  /** The interval between checks of the connections' timeouts. */
  int TIMEOUT_CHECK_MS = 1000;

  /** Listens; returns the port, which is a free one if `port` is 0. */
  int listen(String host, int port) throws IOException;

  /** Begins to accept connections and to dial neighbours, on its own threads. */
  void start() throws IOException;
}
