import java.nio.ByteBuffer;

/** The bytes that are to go out on a connection. Any thread adds to them, one at a time takes. */
final class Outbox {
  private static final int SMALL = 512;
  // What a burst has blown up beyond this is given back.
  private static final int LARGE = 1 << 20;

  private byte[] bytes = new byte[SMALL];
  private int begin;
  private int end;

  /** Returns how many bytes are unsent now. */
  synchronized int append(byte[] text, byte[] ending) {
    makeRoom(text.length + ending.length);
    System.arraycopy(text, 0, bytes, end, text.length);
    System.arraycopy(ending, 0, bytes, end + text.length, ending.length);
    end += text.length + ending.length;
    return end - begin;
  }

  private void makeRoom(int more) {
    if (bytes.length - end >= more) return;
    int size = end - begin;
    // Moved within the array only where that is seldom: each byte a few times at most.
    byte[] roomy = (size + more) * 2L <= bytes.length
        ? bytes : new byte[Math.max(bytes.length * 2, size + more)];
    System.arraycopy(bytes, begin, roomy, 0, size);
    bytes = roomy;
    begin = 0;
    end = size;
  }

  /** Copies what goes out next, as much as there is room for, and returns how much that is. */
  synchronized int peek(ByteBuffer to) {
    int size = Math.min(end - begin, to.remaining());
    to.put(bytes, begin, size);
    return size;
  }

  /** Forgets bytes that have gone out. */
  synchronized void skip(int size) {
    begin += size;
    if (begin < end) return;
    begin = end = 0;
    if (bytes.length > LARGE) bytes = new byte[SMALL];
  }

  synchronized int size() {
    return end - begin;
  }
}
