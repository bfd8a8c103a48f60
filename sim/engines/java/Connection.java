import java.util.concurrent.Executor;

/**
 * One TCP connection, as its session sees it; each way of doing I/O has its own. What is said to
 * it may come from any thread and never blocks, but for flush().
 */
abstract class Connection implements Executor {
  private static final int LINK_UNSENT = 64 << 20;
  private static final long SECOND = 1_000_000_000;
  private static final long GREETING_NS = 5 * SECOND;
  private static final long STALL_NS = 30 * SECOND;
  private static final long FAREWELL_NS = 5 * SECOND;

  /** What is borne with from the other side. */
  private enum Patience {
    GREETING(GREETING_NS, "no acknowledgement in time"),
    CLIENT(STALL_NS, "it took nothing of what is unsent for too long"),
    LINK(Long.MAX_VALUE, ""),
    FAREWELL(FAREWELL_NS, "it does not end");

    final long limitNs;
    final String complaint;

    Patience(long limitNs, String complaint) {
      this.limitNs = limitNs;
      this.complaint = complaint;
    }
  }

  protected final Outbox outbox = new Outbox();
  private final String peer;
  private volatile Patience patience;
  private volatile long progressAt = System.nanoTime();

  protected Connection(String peer, boolean dialled) {
    this.peer = peer;
    patience = dialled ? Patience.GREETING : Patience.CLIENT;
  }

  final String peer() {
    return peer;
  }

  final void send(byte[] text, byte[] ending) {
    int unsent = outbox.append(text, ending);
    if (unsent == text.length + ending.length) {
      outputBegins();
    } else if (unsent > LINK_UNSENT && patience == Patience.LINK) {
      drop(unsent + " bytes unsent");
    }
  }

  final int unsent() {
    return outbox.size();
  }

  /** The connection has become a link: its neighbour may be silent, but not fall far behind. */
  void becomeLink() {
    patience = Patience.LINK;
  }

  protected final void progressed() {
    progressAt = System.nanoTime();
  }

  /** All has been said; the other side is to end too. */
  protected final void awaitFarewell() {
    patience = Patience.FAREWELL;
    progressed();
  }

  /** To be called about once a second. */
  final void checkPatience() {
    if (patience == Patience.CLIENT && unsent() == 0) {
      progressed();
    } else if (System.nanoTime() - progressAt > patience.limitNs) {
      drop(patience.complaint);
    }
  }

  /** There is something in the outbox, where there was nothing. */
  protected abstract void outputBegins();

  /** Writes what is in the outbox, where that is up to the thread that put it there. */
  abstract void flush();

  /** Ends the connection once all in the outbox has gone out. What still comes is thrown away. */
  abstract void finish();

  /** Ends the connection now. */
  abstract void drop(String reason);
}
