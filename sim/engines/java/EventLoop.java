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
 * One thread that waits for many sockets and handles each one that is ready. It writes all output
 * once per turn, after it has handled all ready sockets.
 */
final class EventLoop implements Executor, Runnable {
  private static final int BUFFER_SIZE = 64 << 10;
  private static final long MILLISECOND = 1_000_000;

  /** The handler of a registered channel. */
  interface Handler {
    /** Called on the loop's thread. */
    void ready(SelectionKey key);
  }

  private record Timer(long dueNs, Runnable action) {}

  // Shared by the loop's connections, each of which fills and empties them within one call.
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

  /** Runs a task on the loop's thread at the end of the turn. Safe to call from any thread. */
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

  /** Runs an action later. Call this method and those below on the loop's thread. */
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

  /** Returns the tasks of this turn. Later tasks wait for the next turn, so that this one ends. */
  private synchronized Queue<Runnable> takeHandedOver() {
    var taken = handedOver;
    if (!taken.isEmpty()) handedOver = new ArrayDeque<>();
    return taken;
  }

  private static void drain(Queue<Runnable> queue) {
    for (Runnable task = queue.poll(); task != null; task = queue.poll()) task.run();
  }

  /** Returns milliseconds; 0 if there is no timer. */
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
