import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;

/**
 * The answers to one client, in the order of its commands: one that waits for Places holds back
 * those behind it. Any thread.
 */
final class Answers {
  /** An answer that waits, and what is to go out behind it. */
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

  /** The first line of an answer whose rest is yet to come. */
  synchronized Waiting begin(byte[] text, byte[] ending) {
    var answer = new Waiting();
    hold(answer.answer, text, ending);
    waiting.add(answer);
    return answer;
  }

  /** The rest of it; an empty line ends it. */
  synchronized void complete(Waiting answer, byte[] text, byte[] ending) {
    hold(answer.answer, text, ending);
    hold(answer.answer, NOTHING, ending);
    answer.complete = true;
    sendComplete();
  }

  /** No answer follows: the connection is finished once it has all. */
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
