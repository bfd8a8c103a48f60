import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** The unsent bytes of a connection. Any thread may add bytes; one thread at a time sends them. */
final class Outbox {
  private static final int SMALL = 512;
  // Unsent bytes beyond this size wait in further chunks, which no growth copies.
  private static final int LARGE = 64 << 10;

  // The oldest bytes come first: those of `full`, then those of `bytes`.
  private final ArrayDeque<byte[]> full = new ArrayDeque<>();
  private byte[] bytes = new byte[SMALL];
  private int end;
  private int begin; // in the first chunk
  private int size;

  /** Adds bytes; returns the number of unsent bytes. */
  synchronized int append(byte[] text, byte[] ending) {
    add(text);
    add(ending);
    return size;
  }

  private void add(byte[] text) {
    size += text.length;
    int done = Math.min(text.length, room(text.length));
    System.arraycopy(text, 0, bytes, end, done);
    end += done;
    while (done < text.length) {
      full.add(bytes);
      bytes = new byte[LARGE];
      end = Math.min(text.length - done, LARGE);
      System.arraycopy(text, done, bytes, 0, end);
      done += end;
    }
  }

  /** Returns the room at the end of the last chunk, which grows for `more` bytes up to LARGE. */
  private int room(int more) {
    if (bytes.length - end < more && bytes.length < LARGE) grow(more);
    return bytes.length - end;
  }

  private void grow(int more) {
    // A chunk that is smaller than LARGE is the only one, so `begin` belongs to it.
    int held = end - begin;
    int wanted = Math.min(LARGE, Math.max(2 * bytes.length, held + more));
    byte[] roomy = new byte[wanted];
    System.arraycopy(bytes, begin, roomy, 0, held);
    bytes = roomy;
    begin = 0;
    end = held;
  }

  /** Copies the next unsent bytes of one chunk, as many as fit; returns their number. */
  synchronized int peek(ByteBuffer to) {
    byte[] first = full.isEmpty() ? bytes : full.peek();
    int count = Math.min(endOf(first) - begin, to.remaining());
    to.put(first, begin, count);
    return count;
  }

  private int endOf(byte[] chunk) {
    return chunk == bytes ? end : chunk.length;
  }

  /** Removes bytes that were sent. */
  synchronized void skip(int count) {
    size -= count;
    begin += count;
    byte[] first = full.isEmpty() ? bytes : full.peek();
    if (begin < endOf(first)) return;
    begin = 0;
    if (full.isEmpty()) {
      end = 0;
    } else {
      full.remove();
    }
  }

  synchronized int size() {
    return size;
  }
}
