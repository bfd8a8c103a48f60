import java.io.IOException;

/** A way of doing I/O: who waits for the sockets, and on which threads sessions run. */
interface Network {
  /** How long to wait where no connection can be accepted, as when there are too many. */
  int ACCEPT_PAUSE_MS = 100;
  int BACKLOG = 4096;
  /** How often connections' patience is checked. */
  int PATIENCE_MS = 1000;

  /** Returns the port, which is one that is free where 0 is asked for. */
  int listen(String host, int port) throws IOException;

  /** Begins to accept connections and to dial neighbours, on threads of its own. */
  void start() throws IOException;
}
