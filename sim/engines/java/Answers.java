import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;

/**
 * The answers to one client, in the order of its commands. An answer that waits for Places delays
 * the answers after it. Safe to call from any thread.
 */
final class Answers {
  /** An answer that waits, with the output that must follow it. */
  static final class Waiting {
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream();
    private final ByteArrayOutputStream behind = new ByteArrayOutputStream();
    private boolean complete;
  }

  private static final byte[] NOTHING = {};

  private final Connection connection;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private int heldBytes;
  private boolean ending;

  Answers(Connection connection) {
    this.connection = connection;
  }

  synchronized void add(byte[] text, byte[] ending) {
    if (waiting.isEmpty()) {
      connection.send(text, ending);
    } else {
      hold(waiting.peekLast().behind, text, ending);
    }
  }

  /** Begins an answer with its first line; complete() adds the rest. */
  synchronized Waiting begin(byte[] text, byte[] ending) {
    var answer = new Waiting();
    hold(answer.answer, text, ending);
    waiting.add(answer);
    return answer;
  }

  /** Adds the rest of an answer and the empty line that ends it. */
  synchronized void complete(Waiting answer, byte[] text, byte[] ending) {
    hold(answer.answer, text, ending);
    hold(answer.answer, NOTHING, ending);
    answer.complete = true;
    sendComplete();
  }

  /** Finishes the connection after the last answer. */
  synchronized void end() {
    ending = true;
    sendComplete();
  }

  synchronized int waitingCount() {
    return waiting.size();
  }

  synchronized int heldBytes() {
    return heldBytes;
  }

  private void hold(ByteArrayOutputStream where, byte[] text, byte[] ending) {
    where.writeBytes(text);
    where.writeBytes(ending);
    heldBytes += text.length + ending.length;
  }

  private void sendComplete() {
    while (!waiting.isEmpty() && waiting.peek().complete) {
      var first = waiting.remove();
      heldBytes -= first.answer.size() + first.behind.size();
      connection.send(first.answer.toByteArray(), first.behind.toByteArray());
    }
    if (ending && waiting.isEmpty()) connection.finish();
  }
}
