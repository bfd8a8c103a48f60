import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON parser (RFC 8259) that finds the ranges of values in the text. */
final class JsonText {
  private static final int MAX_DEPTH = 512;

  /** The chars [begin, end) of a text. */
  record Range(int begin, int end) {}

  /** Thrown if the text is not JSON, or not an object. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    private Malformed(String what, int at) {
      super(what + " at character " + at);
    }
  }

  /** A text that is one JSON object. */
  record JsonObject(String text, Map<String, Range> members) {
    /** Returns the string of a member; null if it is missing or not a string. */
    String string(String name) throws Malformed {
      Range value = members.get(name);
      if (value == null || text.charAt(value.begin) != '"') return null;
      var reader = new JsonText(text);
      reader.at = value.begin;
      return reader.string();
    }

    /** Returns the object of a member; null if it is missing or not an object. */
    JsonObject object(String name) throws Malformed {
      Range value = members.get(name);
      if (value == null || text.charAt(value.begin) != '{') return null;
      return JsonText.object(text.substring(value.begin, value.end));
    }

    /** Returns the elements of a member; null if it is missing or not an array. */
    List<Range> array(String name) throws Malformed {
      Range value = members.get(name);
      if (value == null || text.charAt(value.begin) != '[') return null;
      var reader = new JsonText(text);
      reader.at = value.begin;
      var elements = new ArrayList<Range>();
      reader.array(0, elements);
      return elements;
    }

    /** Returns the text with the member set to a new value. */
    String with(String name, String value) {
      Range old = members.get(name);
      if (old != null) return text.substring(0, old.begin) + value + text.substring(old.end);
      int first = text.indexOf('{') + 1;
      return text.substring(0, first) + quoted(name) + ": " + value
          + (members.isEmpty() ? "" : ", ") + text.substring(first);
    }
  }

  private final String text;
  private int at;

  private JsonText(String text) {
    this.text = text;
  }

  static JsonObject object(String text) throws Malformed {
    var reader = new JsonText(text);
    var members = new LinkedHashMap<String, Range>();
    reader.skipSpace();
    reader.object(0, members);
    reader.skipSpace();
    if (reader.at < text.length()) throw reader.malformed("something stands behind the object");
    return new JsonObject(text, members);
  }

  /** Returns a text as a JSON string. */
  static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    text.chars().forEach(c -> {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append((char) c);
      } else if (c < ' ') {
        quoted.append(String.format("\\u%04x", c));
      } else {
        quoted.append((char) c);
      }
    });
    return quoted.append('"').toString();
  }

  private void value(int depth) throws Malformed {
    switch (peek()) {
      case '{' -> object(depth, new LinkedHashMap<>());
      case '[' -> array(depth, new ArrayList<>());
      case '"' -> string();
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> number();
    }
  }

  private void object(int depth, Map<String, Range> members) throws Malformed {
    expect('{');
    if (depth > MAX_DEPTH) throw malformed("too deep");
    skipSpace();
    if (take('}')) return;
    do {
      skipSpace();
      String name = string();
      skipSpace();
      expect(':');
      members.put(name, element(depth)); // of members with one name the last one counts
    } while (take(','));
    expect('}');
  }

  private void array(int depth, List<Range> elements) throws Malformed {
    expect('[');
    if (depth > MAX_DEPTH) throw malformed("too deep");
    skipSpace();
    if (take(']')) return;
    do {
      elements.add(element(depth));
    } while (take(','));
    expect(']');
  }

  private Range element(int depth) throws Malformed {
    skipSpace();
    int begin = at;
    value(depth + 1);
    var range = new Range(begin, at);
    skipSpace();
    return range;
  }

  private String string() throws Malformed {
    expect('"');
    var decoded = new StringBuilder();
    while (peek() != '"') {
      char c = text.charAt(at++);
      if (c < ' ') throw malformed("a control character in a string");
      decoded.append(c == '\\' ? escaped() : c);
    }
    at++;
    return decoded.toString(); // perhaps with half a character, which JSON's grammar allows
  }

  private char escaped() throws Malformed {
    char kind = peek();
    at++;
    return switch (kind) {
      case '"', '\\', '/' -> kind;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int end = Math.min(at + 4, text.length());
        String digits = text.substring(at, end);
        if (!digits.matches("[0-9A-Fa-f]{4}")) throw malformed("not four hexadecimal digits");
        at = end;
        yield (char) Integer.parseInt(digits, 16);
      }
      default -> throw malformed("no such escape");
    };
  }

  private void word(String word) throws Malformed {
    if (!text.startsWith(word, at)) throw malformed("not a value");
    at += word.length();
  }

  private void number() throws Malformed {
    int begin = at;
    take('-');
    if (!take('0')) digits();
    if (take('.')) digits();
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      digits();
    }
    if (Double.isInfinite(Double.parseDouble(text.substring(begin, at)))) {
      throw malformed("too large a number");
    }
  }

  private void digits() throws Malformed {
    int begin = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') at++;
    if (at == begin) throw malformed("not a value");
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
  }

  private char peek() throws Malformed {
    if (at == text.length()) throw malformed("the text ends too early");
    return text.charAt(at);
  }

  private boolean take(char wanted) {
    boolean there = at < text.length() && text.charAt(at) == wanted;
    if (there) at++;
    return there;
  }

  private void expect(char wanted) throws Malformed {
    if (!take(wanted)) throw malformed("no '" + wanted + "'");
  }

  private Malformed malformed(String what) {
    return new Malformed(what, at);
  }
}
