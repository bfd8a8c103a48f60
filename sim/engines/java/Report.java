import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A report as an AT line, as the server that heard the client wrote it. Servers store and relay the
 * line unchanged. The rarely needed fields are parsed again when they are needed.
 */
record Report(String client, long timeNs, byte[] line) {
  private static final int SERVER = 1, SKEW = 2, CLIENT = 3, LOCATION = 4, TIME = 5, FIELDS = 6;
  private static final long SECOND = 1_000_000_000;

  /** Makes a report from an IAMAT. */
  static Report heard(String server, long clockNs, String client, String location, String time,
      long timeNs) {
    String line = "AT " + server + ' ' + skew(clockNs - timeNs) + ' ' + client + ' ' + location
        + ' ' + time;
    return new Report(client, timeNs, line.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Reads a report from a neighbour; null if the line is not a valid AT of one of these servers. */
  static Report relayed(byte[] buffer, int from, int to, Set<String> servers) {
    List<String> fields = Fields.split(buffer, from, to);
    if (fields.size() != FIELDS || !fields.get(0).equals("AT")) return null;
    long timeNs = Fields.time(fields.get(TIME));
    boolean good = servers.contains(fields.get(SERVER)) && Fields.isSkew(fields.get(SKEW))
        && Fields.isLocation(fields.get(LOCATION)) && timeNs >= 0;
    if (!good) return null;
    return new Report(fields.get(CLIENT), timeNs, Arrays.copyOfRange(buffer, from, to));
  }

  String location() {
    return fields().get(LOCATION);
  }

  /** Compares by the order of "newest wins". */
  boolean isNewerThan(Report other) {
    if (timeNs != other.timeNs) return timeNs > other.timeNs;
    if (Arrays.equals(line, other.line)) return false;
    List<String> ours = fields();
    List<String> theirs = other.fields();
    for (int field : new int[] {LOCATION, SERVER, TIME, SKEW}) {
      int order = ours.get(field).compareTo(theirs.get(field));
      if (order != 0) return order > 0;
    }
    return false;
  }

  /** Returns whether the report repeats time and location to the same server. */
  boolean repeats(Report other) {
    if (timeNs != other.timeNs) return false;
    List<String> ours = fields();
    List<String> theirs = other.fields();
    return ours.get(LOCATION).equals(theirs.get(LOCATION))
        && ours.get(SERVER).equals(theirs.get(SERVER));
  }

  private List<String> fields() {
    return Fields.split(line, 0, line.length);
  }

  /** Formats a difference with sign, seconds and nine decimals: +0.263873386. */
  private static String skew(long differenceNs) {
    long size = Math.abs(differenceNs);
    var text = new StringBuilder(24).append(differenceNs < 0 ? '-' : '+').append(size / SECOND);
    int point = text.length();
    text.append(SECOND + size % SECOND); // the leading 1 keeps the zeros; the point replaces it
    text.setCharAt(point, '.');
    return text.toString();
  }
}
