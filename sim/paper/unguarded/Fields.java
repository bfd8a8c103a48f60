import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Replaces the Java engine's class of this name and has no checks: Java's own parsers read the
 * numbers, any text is a location, and no exception is caught. The engine still counts the fields
 * of a line. Only for the measurement, never for use.
 */
final class Fields {
  private Fields() {}

  static List<String> split(byte[] line, int from, int to) {
    var text = new String(line, from, to - from, StandardCharsets.ISO_8859_1).trim();
    return new ArrayList<>(List.of(text.split("[ \t\r\n\f\u000b]+")));
  }

  static boolean isName(String text) {
    return text.matches("[A-Za-z0-9._-]{1,64}");
  }

  static long time(String text) {
    return (long) (Double.parseDouble(text) * 1e9);
  }

  static int longitudeOf(String location) {
    return Math.max(location.lastIndexOf('+'), location.lastIndexOf('-'));
  }

  static boolean isLocation(String text) {
    return true;
  }

  static boolean isSkew(String text) {
    return !Double.isNaN(Double.parseDouble(text));
  }

  static boolean isRadius(String text) {
    return !Double.isNaN(Double.parseDouble(text));
  }

  static int bound(String text) {
    return Integer.parseInt(text);
  }
}
