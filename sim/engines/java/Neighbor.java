import java.net.InetSocketAddress;
import java.util.concurrent.ThreadLocalRandom;

/** A server that this server has a link with. Safe to call from any thread. */
final class Neighbor {
  private static final int FIRST_BACKOFF_MS = 100;
  private static final int MOST_DOUBLINGS = 4;

  final String name;
  /** The address to dial; null if the neighbour dials. */
  final InetSocketAddress address;
  private int failures;

  Neighbor(String name, InetSocketAddress address) {
    this.name = name;
    this.address = address;
  }

  boolean isDialled() {
    return address != null;
  }

  /** Returns the wait before the next dial: from half the back-off to all of it. */
  synchronized long nextBackoffMs() {
    int whole = FIRST_BACKOFF_MS << Math.min(failures++, MOST_DOUBLINGS);
    return whole / 2 + ThreadLocalRandom.current().nextInt(whole / 2 + 1);
  }

  synchronized void proven() {
    failures = 0;
  }
}
