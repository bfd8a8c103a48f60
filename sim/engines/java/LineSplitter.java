import java.util.Arrays;

/** Splits the input of a connection into lines in place, and copies only an unfinished line. */
final class LineSplitter {
  static final byte[] LF = {'\n'};
  static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] NOTHING = {};

  /** The receiver of the lines. */
  interface Lines {
    /** Returns the longest length of a line in bytes, without its ending. */
    int maxLine();

    void line(byte[] buffer, int from, int to, byte[] ending);

    /** Called for a line that is too long. The receiver gets no further lines. */
    void overlong(byte[] buffer, int from);
  }

  private byte[] unfinished = NOTHING;

  /** Copies the unfinished line to the start of a buffer; further input follows it there. */
  int restore(byte[] buffer) {
    System.arraycopy(unfinished, 0, buffer, 0, unfinished.length);
    return unfinished.length;
  }

  /** Passes on the lines of a buffer that begins with the bytes from restore(). */
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
    // A CR at the end may be half of an ending and does not count yet.
    int length = size - begin - (buffer[size - 1] == '\r' ? 1 : 0);
    if (length > lines.maxLine()) {
      lines.overlong(buffer, begin);
    } else {
      unfinished = Arrays.copyOfRange(buffer, begin, size);
    }
  }
}
