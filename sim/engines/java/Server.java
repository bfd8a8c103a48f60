import java.time.Instant;
import java.util.function.Consumer;

/** One server: what its sessions share. Any thread. */
final class Server {
  private final Options options;
  private final Log log;
  private final Links links;
  private final Places places;
  private final Records records = new Records();

  Server(Options options, Log log) {
    this.options = options;
    this.log = log;
    links = new Links(options, log);
    places = new Places(options.places(), log);
  }

  String herd() {
    return options.herd();
  }

  String name() {
    return options.server();
  }

  Log log() {
    return log;
  }

  Links links() {
    return links;
  }

  Places places() {
    return places;
  }

  Records records() {
    return records;
  }

  /** This server's clock, in POSIX nanoseconds. */
  static long clockNs() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000 + now.getNano();
  }

  /** A client has said where it is. */
  void heard(Report report) {
    records.offerOwn(report, flood(null));
  }

  /** A neighbour has said where a client is. */
  void relayed(Report report, Neighbor from) {
    records.offer(report, flood(from));
  }

  private Consumer<Report> flood(Neighbor from) {
    return report -> {
      for (Session link : links.up()) {
        if (options.echo() || link.neighbor() != from) link.sendOn(report);
      }
    };
  }
}
