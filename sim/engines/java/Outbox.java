import java.nio.ByteBuffer;

/** The unsent bytes of a connection. Any thread may add bytes; one thread at a time sends them. */
final class Outbox {
  private static final int SMALL = 512;
  // A larger array is released after a burst.
  private static final int LARGE = 1 << 20;

  private byte[] bytes = new byte[SMALL];
  private int begin;
  private int end;

  /** Adds bytes; returns the number of unsent bytes. */
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
    // Moves bytes within the array only if that is rare: each byte moves a few times at most.
    byte[] roomy = (size + more) * 2L <= bytes.length
        ? bytes : new byte[Math.max(bytes.length * 2, size + more)];
    System.arraycopy(bytes, begin, roomy, 0, size);
    bytes = roomy;
    begin = 0;
    end = size;
  }

  /** Copies the next unsent bytes, as many as fit; returns their number. */
  synchronized int peek(ByteBuffer to) {
    int size = Math.min(end - begin, to.remaining());
    to.put(bytes, begin, size);
    return size;
  }

  /** Removes bytes that were sent. */
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
