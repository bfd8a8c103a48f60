import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The neighbours and the links that are up. Safe to call from any thread. */
final class Links {
  private final Map<String, Neighbor> neighbors = new LinkedHashMap<>();
  private final Map<Neighbor, Session> up = new LinkedHashMap<>();
  // A copy for flooding, because a lock for every report would make all threads wait.
  private volatile List<Session> flooded = List.of();
  private final Set<Neighbor> neverLinked = new HashSet<>();
  private Runnable onAllLinked;
  private final Log log;

  Links(Options options, Log log) {
    this.log = log;
    options.dial().forEach(this::add);
    options.expect().forEach(name -> add(name, null));
  }

  private void add(String name, InetSocketAddress address) {
    var neighbor = new Neighbor(name, address);
    neighbors.put(name, neighbor);
    neverLinked.add(neighbor);
  }

  /** Runs `allLinked` once, when every link has been up. */
  synchronized void start(Runnable allLinked) {
    onAllLinked = allLinked;
    tellAllLinked();
  }

  private void tellAllLinked() {
    if (onAllLinked == null || !neverLinked.isEmpty()) return;
    onAllLinked.run();
    onAllLinked = null;
  }

  Collection<Neighbor> neighbors() {
    return neighbors.values();
  }

  /** Returns a neighbour; null if no neighbour has that name. */
  Neighbor find(String name) {
    return neighbors.get(name);
  }

  /** Returns the sessions of the links that are up. */
  List<Session> up() {
    return flooded;
  }

  /** Adds a link after its handshake; it replaces an old link to the same neighbour. */
  synchronized void bringUp(Neighbor neighbor, Session session) {
    Session old = up.put(neighbor, session);
    flooded = new ArrayList<>(up.values());
    if (old != null) {
      log.warn("link to " + neighbor.name + ": replaced by another connection");
      old.replaced();
    }
    neighbor.proven();
    log.info("link to " + neighbor.name + ": up");
    neverLinked.remove(neighbor);
    tellAllLinked();
  }

  /** Removes a link. */
  synchronized void takeDown(Neighbor neighbor, Session session) {
    if (!up.remove(neighbor, session)) return;
    flooded = new ArrayList<>(up.values());
    log.info("link to " + neighbor.name + ": down");
  }
}
