import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;

/** The log on standard error. Safe to call from any thread. */
final class Log {
  enum Level { ERROR, INFO, DEBUG }

  // Latin-1 keeps the bytes of a line as they are.
  private final PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.err), true,
      StandardCharsets.ISO_8859_1);
  private final Level level;

  Log(Level level) {
    this.level = level;
  }

  void error(String text) {
    write(Level.ERROR, text);
  }

  void warn(String text) {
    if (level != Level.ERROR) print("warn", text);
  }

  void info(String text) {
    write(Level.INFO, text);
  }

  /** Check this before formatting a text for debug(), because there are many lines. */
  boolean isDebug() {
    return level == Level.DEBUG;
  }

  void debug(String text) {
    write(Level.DEBUG, text);
  }

  private void write(Level of, String text) {
    if (of.compareTo(level) <= 0) print(of.name().toLowerCase(Locale.ROOT), text);
  }

  private void print(String word, String text) {
    out.println(Instant.now() + " " + word + " " + safe(text));
  }

  /** Escapes control characters: received bytes must not write lines or move a cursor. */
  private static String safe(String text) {
    var safe = new StringBuilder(text.length());
    for (char c : text.toCharArray()) {
      boolean isControl = c < ' ' || c >= 0x7f && c < 0xa0;
      safe.append(isControl ? String.format("\\x%02x", (int) c) : c);
    }
    return safe.toString();
  }

  /** Returns the message of an exception. */
  static String reason(Throwable error) {
    return error.getMessage() != null ? error.getMessage() : error.getClass().getSimpleName();
  }

  /** Formats an address like 127.0.0.1:40000. */
  static String name(SocketAddress address) {
    return String.valueOf(address).replaceFirst("^.*/", "");
  }
}
