import java.time.Instant;
import java.util.Set;
import java.util.function.Consumer;

/** One server; its sessions share it. Safe to call from any thread. */
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

  Handshake beginHandshake(String neighbor, String theirNonce) {
    return new Handshake(options, neighbor, theirNonce);
  }

  /** Returns the names of all servers of the herd. */
  Set<String> servers() {
    return options.servers();
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

  /** Returns this server's time in POSIX nanoseconds. */
  static long clockNs() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000 + now.getNano();
  }

  /** Takes a report from a client. */
  void heard(Report report) {
    records.offerOwn(report, flood(null));
  }

  /** Takes a report from a neighbour. */
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
