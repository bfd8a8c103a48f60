import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The newest report of every client. Safe to call from any thread. */
final class Records {
  private final ConcurrentHashMap<String, Report> newest = new ConcurrentHashMap<>();

  /** Returns the newest report of a client; null if the client is unknown. */
  Report find(String client) {
    return newest.get(client);
  }

  /**
   * Stores a report if it is newer than the record, and passes it to `sendOn` before it stores any
   * other report of the same client. So no older report follows it on a link. `sendOn` must not
   * block.
   */
  void offer(Report report, Consumer<Report> sendOn) {
    // Most reports from links are duplicates, and this check needs no lock.
    Report known = newest.get(report.client());
    if (known != null && !report.isNewerThan(known)) return;
    newest.compute(report.client(), (client, held) -> {
      if (held != null && !report.isNewerThan(held)) return held;
      sendOn.accept(report);
      return report;
    });
  }

  /** The same for a report from a client, whose repetition is not newer. */
  void offerOwn(Report report, Consumer<Report> sendOn) {
    newest.compute(report.client(), (client, held) -> {
      if (held != null && (report.repeats(held) || !report.isNewerThan(held))) return held;
      sendOn.accept(report);
      return report;
    });
  }
}
