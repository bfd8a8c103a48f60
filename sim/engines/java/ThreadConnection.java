import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * A connection with a thread that reads in blocking calls and writes its own answers. A link has
 * one more thread, which writes, so that flooding does not wait for a slow neighbour.
 */
final class ThreadConnection extends Connection implements Runnable {
  private static final int BUFFER_SIZE = 16 << 10; // more than the longest line

  private final Socket socket;
  private final Log log;
  private final Executor answering;
  private final Session session;
  private final ReentrantLock writing = new ReentrantLock();
  private final ByteBuffer output = ByteBuffer.allocate(BUFFER_SIZE); // guarded by writing
  private final AtomicBoolean isDropped = new AtomicBoolean();
  private volatile boolean isFinishing;
  private volatile Thread reader;
  private volatile Thread linkWriter;

  ThreadConnection(Socket socket, String peer, Server server, Neighbor dialled,
      Executor answering) {
    super(peer, dialled != null);
    this.socket = socket;
    this.answering = answering;
    log = server.log();
    session = new Session(server, this, dialled);
  }

  /** Serves the connection; returns when it is closed. */
  @Override
  public void run() {
    reader = Thread.currentThread();
    try {
      socket.setTcpNoDelay(true);
      session.opened();
      flush();
      boolean inputHasEnded = readAll(socket.getInputStream());
      await(() -> isFinishing);
      flush();
      await(() -> unsent() == 0);
      if (!inputHasEnded) sayFarewell();
      drop("closed");
    } catch (IOException e) {
      drop("failed: " + Log.reason(e));
    } catch (RuntimeException e) {
      log.error("connection " + peer() + ": " + e);
      drop("failed");
    }
    session.closed();
  }

  /** Reads until the input ends (returns true), or until the session ignores it (returns false). */
  private boolean readAll(InputStream in) throws IOException {
    var buffer = new byte[BUFFER_SIZE];
    while (!session.isOver()) {
      int kept = session.restore(buffer);
      int size = in.read(buffer, kept, buffer.length - kept);
      if (size < 0) {
        session.inputEnded();
        return true;
      }
      session.received(buffer, kept + size);
      flush();
      await(session::mayRead);
    }
    return false;
  }

  /** Waits until another thread makes the condition true or drops the connection. */
  private void await(BooleanSupplier condition) {
    while (!isDropped.get() && !condition.getAsBoolean()) LockSupport.park(this);
  }

  private void sayFarewell() throws IOException {
    socket.shutdownOutput();
    awaitFarewell();
    var ignored = new byte[BUFFER_SIZE];
    while (socket.getInputStream().read(ignored) >= 0) progressed();
  }

  @Override
  void becomeLink() {
    super.becomeLink();
    linkWriter = new Thread(this::writeLink, peer() + " writer");
    linkWriter.start();
  }

  private void writeLink() {
    while (!socket.isClosed()) {
      if (unsent() == 0) {
        LockSupport.park(this);
      } else {
        writeOut();
      }
    }
  }

  @Override
  protected void outputBegins() {
    LockSupport.unpark(linkWriter); // null for a client, whose answers wait for flush()
  }

  @Override
  void flush() {
    if (linkWriter != null) return;
    writeOut();
    if (Thread.currentThread() != reader) LockSupport.unpark(reader);
  }

  /** Writes the outbox. Leaves it to another thread that writes already. */
  private void writeOut() {
    try {
      while (!isDropped.get() && unsent() > 0 && writing.tryLock()) {
        try {
          output.clear();
          outbox.peek(output);
          socket.getOutputStream().write(output.array(), 0, output.position());
          outbox.skip(output.position());
          progressed();
        } finally {
          writing.unlock();
        }
      }
    } catch (IOException e) {
      drop("failed: " + Log.reason(e));
    }
  }

  @Override
  void finish() {
    isFinishing = true;
    LockSupport.unpark(reader);
  }

  @Override
  void drop(String reason) {
    if (isDropped.getAndSet(true)) return;
    log.info("connection " + peer() + ": " + reason);
    close(socket);
    LockSupport.unpark(reader);
    LockSupport.unpark(linkWriter);
  }

  static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // The socket has no use any more, closed or not.
    }
  }

  @Override
  public void execute(Runnable task) {
    answering.execute(task);
  }
}
