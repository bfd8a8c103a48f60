import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The newest report of every client. Any thread. */
final class Records {
  private final ConcurrentHashMap<String, Report> newest = new ConcurrentHashMap<>();

  /** null where the client is not known. */
  Report find(String client) {
    return newest.get(client);
  }

  /**
   * Takes a report where it is newer than what is held. `sendOn` is given it before any other
   * report of the same client can be taken, so that no older one comes after it on a link; it must
   * not block.
   */
  void offer(Report report, Consumer<Report> sendOn) {
    // Most of what comes over links is known already, and needs no lock to tell.
    Report known = newest.get(report.client());
    if (known != null && !report.isNewerThan(known)) return;
    newest.compute(report.client(), (client, held) -> {
      if (held != null && !report.isNewerThan(held)) return held;
      sendOn.accept(report);
      return report;
    });
  }

  /** The same for what a client says of itself: where it only repeats, that is no news. */
  void offerOwn(Report report, Consumer<Report> sendOn) {
    newest.compute(report.client(), (client, held) -> {
      if (held != null && (report.repeats(held) || !report.isNewerThan(held))) return held;
      sendOn.accept(report);
      return report;
    });
  }
}
