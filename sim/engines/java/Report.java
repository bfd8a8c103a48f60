import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Where a client was, in the words of the server that heard it: an AT line, which is kept and
 * relayed as it is. Its other fields are read again where they are needed, which is seldom.
 */
record Report(String client, long timeNs, byte[] line) {
  private static final int SERVER = 1, SKEW = 2, CLIENT = 3, LOCATION = 4, TIME = 5, FIELDS = 6;
  private static final long SECOND = 1_000_000_000;

  /** What a client says of itself. */
  static Report heard(String server, long clockNs, String client, String location, String time,
      long timeNs) {
    String line = "AT " + server + ' ' + skew(clockNs - timeNs) + ' ' + client + ' ' + location
        + ' ' + time;
    return new Report(client, timeNs, line.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** What a neighbour says; null where the line is no AT line. */
  static Report relayed(byte[] buffer, int from, int to) {
    List<String> fields = Fields.split(buffer, from, to);
    if (fields.size() != FIELDS || !fields.get(0).equals("AT")) return null;
    long timeNs = Fields.time(fields.get(TIME));
    boolean good = Fields.isName(fields.get(SERVER)) && Fields.isSkew(fields.get(SKEW))
        && Fields.isLocation(fields.get(LOCATION)) && timeNs >= 0;
    if (!good) return null;
    return new Report(fields.get(CLIENT), timeNs, Arrays.copyOfRange(buffer, from, to));
  }

  String location() {
    return fields().get(LOCATION);
  }

  /** The order of "newest wins". */
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

  /** Whether a client only says again, to the same server, where it was when. */
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

  /** A difference as a sign, seconds and nine decimals: +0.263873386. */
  private static String skew(long differenceNs) {
    long size = Math.abs(differenceNs);
    var text = new StringBuilder(24).append(differenceNs < 0 ? '-' : '+').append(size / SECOND);
    int point = text.length();
    text.append(SECOND + size % SECOND); // the leading 1 keeps the zeros, and becomes the point
    text.setCharAt(point, '.');
    return text.toString();
  }
}
