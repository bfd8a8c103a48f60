import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A strict parser for the fields of a line. Strings are Latin-1: one char per byte, so that no byte
 * changes, and strings compare as their bytes do.
 */
final class Fields {
  // One more than any command has. The number of further fields does not matter.
  private static final int MOST = 7;
  private static final int LONGEST_NAME = 64;
  private static final long SECOND = 1_000_000_000;

  private Fields() {}

  /** Returns the fields of a line in order, at most the first MOST. */
  static List<String> split(byte[] line, int from, int to) {
    var fields = new ArrayList<String>(MOST);
    int at = from;
    while (fields.size() < MOST) {
      while (at < to && isSpace(line[at])) at++;
      if (at == to) break;
      int begin = at;
      while (at < to && !isSpace(line[at])) at++;
      fields.add(new String(line, begin, at - begin, StandardCharsets.ISO_8859_1));
    }
    return fields;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || (b >= '\t' && b <= '\r');
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** Returns whether a text is a valid name of a server or a herd. */
  static boolean isName(String text) {
    // No regular expression: every line of a link has a name.
    for (int at = 0; at < text.length(); at++) {
      if (!isOfName(text.charAt(at))) return false;
    }
    return !text.isEmpty() && text.length() <= LONGEST_NAME;
  }

  private static boolean isOfName(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || c == '.' || c == '_'
        || c == '-';
  }

  /** Reads POSIX seconds as nanoseconds and ignores decimals beyond the ninth; -1 if invalid. */
  static long time(String text) {
    long seconds = 0;
    int at = 0;
    for (; at < text.length() && isDigit(text.charAt(at)); at++) {
      seconds = seconds * 10 + (text.charAt(at) - '0');
      if (seconds > Long.MAX_VALUE / SECOND) return -1;
    }
    if (at == 0) return -1;
    long nanos = 0;
    if (at < text.length()) {
      if (text.charAt(at) != '.' || at + 1 == text.length()) return -1;
      long unit = SECOND;
      while (++at < text.length()) {
        if (!isDigit(text.charAt(at))) return -1;
        unit /= 10; // 0 from the tenth decimal on
        nanos += unit * (text.charAt(at) - '0');
      }
    }
    long total = seconds * SECOND + nanos;
    return total < 0 ? -1 : total;
  }

  /** Returns where the longitude of an ISO 6709 location begins; -1 if the text is invalid. */
  static int longitudeOf(String location) {
    int latitudeEnd = degreesEnd(location, 0, 90);
    boolean good = latitudeEnd > 0
        && degreesEnd(location, latitudeEnd, 180) == location.length();
    return good ? latitudeEnd : -1;
  }

  static boolean isLocation(String text) {
    return longitudeOf(text) > 0;
  }

  /** Returns whether a text is a signed difference in seconds. */
  static boolean isSkew(String text) {
    if (!isSigned(text, 0)) return false;
    var decimal = Decimal.at(text, 1, Integer.MAX_VALUE / 10 - 1);
    return decimal != null && decimal.end == text.length();
  }

  /** Returns whether a text is in (0, 50] kilometres; exact for any number of decimals. */
  static boolean isRadius(String text) {
    var decimal = Decimal.at(text, 0, 50);
    return decimal != null && decimal.end == text.length() && decimal.isUpTo(50)
        && !decimal.isUpTo(0);
  }

  /** Reads a whole number in [1, 20]; 0 if the text is invalid. */
  static int bound(String text) {
    var decimal = Decimal.at(text, 0, 20);
    boolean good = decimal != null && decimal.end == text.length() && text.indexOf('.') < 0
        && decimal.isUpTo(20);
    return good ? decimal.whole : 0;
  }

  private static boolean isSigned(String text, int at) {
    return at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-');
  }

  private static int degreesEnd(String text, int at, int most) {
    var decimal = isSigned(text, at) ? Decimal.at(text, at + 1, most) : null;
    return decimal != null && decimal.isUpTo(most) ? decimal.end : -1;
  }

  /**
   * A decimal number in a text: its whole part (`most` + 1 if it is larger than `most`), whether
   * its fraction is not zero, and where it ends.
   */
  private record Decimal(int whole, boolean hasFraction, int end) {
    /** Returns null if there is no number. */
    static Decimal at(String text, int begin, int most) {
      int whole = 0;
      int at = begin;
      for (; at < text.length() && isDigit(text.charAt(at)); at++) {
        whole = Math.min(whole * 10 + (text.charAt(at) - '0'), most + 1);
      }
      if (at == begin) return null;
      if (at == text.length() || text.charAt(at) != '.') return new Decimal(whole, false, at);
      int point = at++;
      boolean hasFraction = false;
      for (; at < text.length() && isDigit(text.charAt(at)); at++) {
        hasFraction |= text.charAt(at) != '0';
      }
      return at == point + 1 ? null : new Decimal(whole, hasFraction, at);
    }

    boolean isUpTo(int limit) {
      return whole < limit || (whole == limit && !hasFraction);
    }
  }
}
