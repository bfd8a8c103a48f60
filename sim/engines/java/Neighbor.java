import java.net.InetSocketAddress;
import java.util.concurrent.ThreadLocalRandom;

/** Another server with which this one has a link. Any thread. */
final class Neighbor {
  private static final int FIRST_BACKOFF_MS = 100;
  private static final int MOST_DOUBLINGS = 4;

  final String name;
  /** Where it is dialled; null where it is the neighbour that dials. */
  final InetSocketAddress address;
  /** What is shown to it, and what it has to show. */
  final String ownProof, theirProof;
  private int failures;

  Neighbor(String name, InetSocketAddress address, String ownProof, String theirProof) {
    this.name = name;
    this.address = address;
    this.ownProof = ownProof;
    this.theirProof = theirProof;
  }

  boolean isDialled() {
    return address != null;
  }

  /** How long to wait until it is dialled again: from half the back-off to all of it. */
  synchronized long nextBackoffMs() {
    int whole = FIRST_BACKOFF_MS << Math.min(failures++, MOST_DOUBLINGS);
    return whole / 2 + ThreadLocalRandom.current().nextInt(whole / 2 + 1);
  }

  synchronized void proven() {
    failures = 0;
  }
}
