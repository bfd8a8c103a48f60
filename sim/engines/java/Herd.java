import java.io.IOException;

/** The program: one server of a herd. README.md describes its command line. */
public final class Herd {
  private static final int BAD_ARGUMENTS = 2;
  private static final int CANNOT_LISTEN = 3;

  public static void main(String[] arguments) {
    Options options;
    try {
      options = Options.parse(arguments, System.getenv("HERD_SECRET"));
    } catch (IllegalArgumentException e) {
      System.err.println("herd: " + e.getMessage());
      System.exit(BAD_ARGUMENTS);
      return;
    }
    var log = new Log(options.logLevel());
    var server = new Server(options, log);
    try {
      Network network = switch (options.mode()) {
        case SELECTOR -> new EventNetwork(server, 1);
        case POOL -> new EventNetwork(server, Runtime.getRuntime().availableProcessors());
        case THREADS -> new ThreadNetwork(server);
      };
      int port = network.listen(options.host(), options.port());
      exitOnSignal();
      say("listening " + options.host() + ":" + port);
      server.links().start(() -> say("linked"));
      network.start();
    } catch (IOException e) {
      System.err.println("herd: cannot listen on " + options.host() + ":" + options.port() + ": "
          + Log.reason(e));
      System.exit(CANNOT_LISTEN);
    }
  }

  /** Makes SIGTERM and SIGINT end the program with status 0. */
  private static void exitOnSignal() {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0)));
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
