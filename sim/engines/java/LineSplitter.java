import java.util.Arrays;

/** Cuts what comes on a connection into lines where it lies, and keeps only an unfinished one. */
final class LineSplitter {
  static final byte[] LF = {'\n'};
  static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] NOTHING = {};

  /** Who is handed the lines. */
  interface Lines {
    /** How many bytes a line may have before its ending. */
    int maxLine();

    void line(byte[] buffer, int from, int to, byte[] ending);

    /** A line is longer than allowed; nothing that follows is handed over. */
    void overlong(byte[] buffer, int from);
  }

  private byte[] unfinished = NOTHING;

  /** Puts the unfinished line at the beginning of a buffer, to be read on behind it. */
  int restore(byte[] buffer) {
    System.arraycopy(unfinished, 0, buffer, 0, unfinished.length);
    return unfinished.length;
  }

  /** Hands over the lines of a buffer that begins with what restore() put there. */
  void split(byte[] buffer, int size, Lines lines) {
    int begin = 0;
    int scanned = unfinished.length;
    unfinished = NOTHING;
    for (int at = scanned; at < size; at++) {
      if (buffer[at] != '\n') continue;
      boolean carriageReturn = at > begin && buffer[at - 1] == '\r';
      int end = carriageReturn ? at - 1 : at;
      if (end - begin > lines.maxLine()) {
        lines.overlong(buffer, begin);
        return;
      }
      lines.line(buffer, begin, end, carriageReturn ? CRLF : LF);
      begin = at + 1;
    }
    if (begin == size) return;
    // A CR at the end may be half of an ending, and is not counted yet.
    int length = size - begin - (buffer[size - 1] == '\r' ? 1 : 0);
    if (length > lines.maxLine()) {
      lines.overlong(buffer, begin);
    } else {
      unfinished = Arrays.copyOfRange(buffer, begin, size);
    }
  }
}
