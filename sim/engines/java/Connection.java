import java.util.concurrent.Executor;

/**
 * One TCP connection as its session sees it; each kind of I/O has its own subclass. Any thread may
 * send, and only flush() may block.
 */
abstract class Connection implements Executor {
  private static final int LINK_UNSENT = 64 << 20;
  private static final long SECOND = 1_000_000_000;
  private static final long HANDSHAKE_NS = 5 * SECOND;
  private static final long STALL_NS = 30 * SECOND;
  private static final long FAREWELL_NS = 5 * SECOND;

  /** The timeouts for the other side. */
  private enum Timeout {
    HANDSHAKE(HANDSHAKE_NS, "no handshake in time"),
    CLIENT(STALL_NS, "it took nothing of what is unsent for too long"),
    LINK(Long.MAX_VALUE, ""),
    FAREWELL(FAREWELL_NS, "it does not end");

    final long limitNs;
    final String complaint;

    Timeout(long limitNs, String complaint) {
      this.limitNs = limitNs;
      this.complaint = complaint;
    }
  }

  protected final Outbox outbox = new Outbox();
  private final String peer;
  private volatile Timeout timeout;
  private volatile long progressAt = System.nanoTime();

  protected Connection(String peer, boolean dialled) {
    this.peer = peer;
    timeout = dialled ? Timeout.HANDSHAKE : Timeout.CLIENT;
  }

  final String peer() {
    return peer;
  }

  final void send(byte[] text, byte[] ending) {
    int unsent = outbox.append(text, ending);
    if (unsent == text.length + ending.length) {
      outputBegins();
    } else if (unsent > LINK_UNSENT && timeout == Timeout.LINK) {
      drop(unsent + " bytes unsent");
    }
  }

  final int unsent() {
    return outbox.size();
  }

  /** Makes this connection a link, which may be silent but has a limit of unsent bytes. */
  void becomeLink() {
    timeout = Timeout.LINK;
  }

  protected final void progressed() {
    progressAt = System.nanoTime();
  }

  /** Waits for the other side to close after all output. */
  protected final void awaitFarewell() {
    timeout = Timeout.FAREWELL;
    progressed();
  }

  /** Drops the connection if its timeout is over. Call it about once a second. */
  final void checkTimeout() {
    if (timeout == Timeout.CLIENT && unsent() == 0) {
      progressed();
    } else if (System.nanoTime() - progressAt > timeout.limitNs) {
      drop(timeout.complaint);
    }
  }

  /** Called when the outbox is no longer empty. */
  protected abstract void outputBegins();

  /** Writes the outbox, if that is the job of the thread that filled it. */
  abstract void flush();

  /** Ends the connection after the outbox is sent. Discards further input. */
  abstract void finish();

  /** Ends the connection at once. */
  abstract void drop(String reason);
}
