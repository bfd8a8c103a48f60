import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;

/** The log, on standard error. Any thread. */
final class Log {
  enum Level { ERROR, INFO, DEBUG }

  // Latin-1, so that the bytes of a line go out as they came.
  private final PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.err), true,
      StandardCharsets.ISO_8859_1);
  private final Level level;

  Log(Level level) {
    this.level = level;
  }

  void error(String text) {
    write(Level.ERROR, text);
  }

  void info(String text) {
    write(Level.INFO, text);
  }

  /** To be asked before a text for debug() is made: lines come too often to make it in vain. */
  boolean isDebug() {
    return level == Level.DEBUG;
  }

  void debug(String text) {
    write(Level.DEBUG, text);
  }

  private void write(Level of, String text) {
    if (of.compareTo(level) > 0) return;
    out.println(Instant.now() + " " + of.name().toLowerCase(Locale.ROOT) + " " + text);
  }

  /** What an exception says, in one line. */
  static String reason(Throwable error) {
    return error.getMessage() != null ? error.getMessage() : error.getClass().getSimpleName();
  }

  /** An address as 127.0.0.1:40000. */
  static String name(SocketAddress address) {
    return String.valueOf(address).replaceFirst("^.*/", "");
  }
}
