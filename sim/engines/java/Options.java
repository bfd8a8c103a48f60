import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The checked command line. This server dials `dial`; the neighbours in `expect` dial it. */
record Options(String herd, String server, String host, int port,
    Map<String, InetSocketAddress> dial, Set<String> expect, Set<String> servers, boolean echo, String places,
    Log.Level logLevel, Mode mode, String secret) {

  /** The kinds of I/O. */
  enum Mode { SELECTOR, THREADS, POOL }

  private static final Map<String, String> DEFAULTS = Map.of("--host", "127.0.0.1", "--dial", "",
      "--expect", "", "--servers", "", "--propagation", "flood-echo", "--places", "", "--log", "info",
      "--mode", "selector");
  private static final Set<String> REQUIRED = Set.of("--herd", "--server", "--port");

  /** Parses arguments. Throws IllegalArgumentException with a message for the user. */
  static Options parse(String[] arguments, String secret) {
    var values = new LinkedHashMap<>(DEFAULTS);
    for (int i = 0; i < arguments.length; i++) {
      String[] parts = arguments[i].split("=", 2);
      String option = parts[0];
      check(DEFAULTS.containsKey(option) || REQUIRED.contains(option),
          option + ": there is no such option");
      boolean isGiven = parts.length == 2;
      check(isGiven || i + 1 < arguments.length && !arguments[i + 1].startsWith("--"),
          option + ": a value is missing");
      values.put(option, isGiven ? parts[1] : arguments[++i]);
    }
    for (String option : REQUIRED) check(values.containsKey(option), option + " is missing");
    String server = name("--server", values.get("--server"));
    var dial = neighborsToDial(values.get("--dial"));
    var expect = new LinkedHashSet<String>();
    for (String neighbor : split(values.get("--expect"))) {
      check(expect.add(name("--expect", neighbor)) && !dial.containsKey(neighbor),
          "--expect: " + neighbor + " is named twice");
    }
    check(!dial.containsKey(server) && !expect.contains(server),
        "--server: " + server + " cannot be its own neighbour");
    check(secret != null && !secret.isEmpty() || dial.isEmpty() && expect.isEmpty(),
        "HERD_SECRET is not set: servers know each other by the herd's secret");
    var servers = new LinkedHashSet<String>();
    for (String each : split(values.get("--servers"))) {
      servers.add(name("--servers", each.split("=", 2)[0]));
    }
    check(dial.isEmpty() && expect.isEmpty() || servers.contains(server)
        && servers.containsAll(dial.keySet()) && servers.containsAll(expect),
        "--servers: does not name all of the server and its neighbours");
    check(!new InetSocketAddress(values.get("--host"), 0).isUnresolved(),
        "--host: no address is known of " + values.get("--host"));
    return new Options(name("--herd", values.get("--herd")), server, values.get("--host"),
        port("--port", values.get("--port"), 0), dial, expect, servers,
        choice("--propagation", values, "flood-echo", "flood") == 0,
        placesBase(values.get("--places")),
        Log.Level.values()[choice("--log", values, "error", "info", "debug")],
        Mode.values()[choice("--mode", values, "selector", "threads", "pool")], secret);
  }

  private static Map<String, InetSocketAddress> neighborsToDial(String list) {
    var neighbors = new LinkedHashMap<String, InetSocketAddress>();
    for (String each : split(list)) {
      int equals = each.indexOf('=');
      int colon = each.lastIndexOf(':');
      check(equals > 0 && colon > equals + 1, "--dial: not NAME=HOST:PORT: " + each);
      String neighbor = name("--dial", each.substring(0, equals));
      var address = new InetSocketAddress(each.substring(equals + 1, colon),
          port("--dial", each.substring(colon + 1), 1));
      check(!address.isUnresolved(), "--dial: no address is known of " + each);
      check(neighbors.put(neighbor, address) == null, "--dial: " + neighbor + " is named twice");
    }
    return neighbors;
  }

  private static String[] split(String list) {
    return list.isEmpty() ? new String[0] : list.split(",", -1);
  }

  private static String name(String option, String text) {
    check(Fields.isName(text), option + ": not a name (1 to 64 of A-Z a-z 0-9 . _ -): " + text);
    return text;
  }

  private static int port(String option, String text, int least) {
    int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : -1;
    check(port >= least && port <= 65535, option + ": not a port: " + text);
    return port;
  }

  private static int choice(String option, Map<String, String> values, String... choices) {
    int chosen = Arrays.asList(choices).indexOf(values.get(option));
    check(chosen >= 0, option + ": not one of " + String.join(", ", choices) + ": "
        + values.get(option));
    return chosen;
  }

  /** Returns the URL without a slash at its end; null if the text is empty. */
  private static String placesBase(String text) {
    if (text.isEmpty()) return null;
    URI uri = null;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      // The check below refuses it.
    }
    check(uri != null && uri.getHost() != null && uri.getScheme() != null
        && Set.of("http", "https").contains(uri.getScheme().toLowerCase(Locale.ROOT))
        && uri.getQuery() == null && uri.getFragment() == null,
        "--places: not a URL as http://127.0.0.1:8080: " + text);
    return text.replaceAll("/+$", "");
  }

  private static void check(boolean good, String message) {
    if (!good) throw new IllegalArgumentException(message);
  }
}
