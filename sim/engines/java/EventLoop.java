import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * One thread that waits for many sockets, and does for each what it is ready for. What the sockets
 * have caused is written when all of them have been served, once a turn.
 */
final class EventLoop implements Executor, Runnable {
  private static final int BUFFER_SIZE = 64 << 10;
  private static final long MILLISECOND = 1_000_000;

  /** What a channel is registered with. */
  interface Handler {
    /** Called on the loop's thread. */
    void ready(SelectionKey key);
  }

  private record Timer(long dueNs, Runnable action) {}

  // Shared by the loop's connections, which fill and empty them within a call.
  final ByteBuffer input = ByteBuffer.allocate(BUFFER_SIZE);
  final ByteBuffer output = ByteBuffer.allocateDirect(BUFFER_SIZE);
  private final Selector selector = Selector.open();
  private final Thread thread;
  private Queue<Runnable> handedOver = new ArrayDeque<>(); // guarded by this
  private final Queue<Runnable> atTurnEnd = new ArrayDeque<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparingLong(Timer::dueNs));
  private final Log log;

  EventLoop(String name, Log log) throws IOException {
    this.log = log;
    thread = new Thread(this, name);
  }

  void start() {
    thread.start();
  }

  SelectionKey register(SelectableChannel channel, int interest, Handler handler)
      throws IOException {
    return channel.register(selector, interest, handler);
  }

  /** Has something done on the loop's thread at the end of the turn. Any thread. */
  @Override
  public void execute(Runnable task) {
    if (Thread.currentThread() == thread) {
      atTurnEnd.add(task);
    } else {
      synchronized (this) {
        handedOver.add(task);
      }
      selector.wakeup();
    }
  }

  /** On the loop's thread, as everything below. */
  void after(long delayMs, Runnable action) {
    timers.add(new Timer(System.nanoTime() + delayMs * MILLISECOND, action));
  }

  @Override
  public void run() {
    try {
      while (true) {
        selector.select(key -> ((Handler) key.attachment()).ready(key), untilNextTimer());
        runTimers();
        drain(takeHandedOver());
        drain(atTurnEnd);
      }
    } catch (IOException e) {
      log.error("the event loop has failed: " + Log.reason(e));
      Runtime.getRuntime().halt(1);
    }
  }

  /** What comes while these run waits for the next turn, so that no thread can hold up this one. */
  private synchronized Queue<Runnable> takeHandedOver() {
    var taken = handedOver;
    if (!taken.isEmpty()) handedOver = new ArrayDeque<>();
    return taken;
  }

  private static void drain(Queue<Runnable> queue) {
    for (Runnable task = queue.poll(); task != null; task = queue.poll()) task.run();
  }

  /** In milliseconds; 0 stands for no end. */
  private long untilNextTimer() {
    if (timers.isEmpty()) return 0;
    return Math.max(1, (timers.peek().dueNs - System.nanoTime()) / MILLISECOND + 1);
  }

  private void runTimers() {
    while (!timers.isEmpty() && timers.peek().dueNs <= System.nanoTime()) {
      timers.remove().action.run();
    }
  }
}
