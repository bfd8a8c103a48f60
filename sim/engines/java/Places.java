import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Asks the Places provider, many queries at once. Safe to call from any thread; never blocks. */
final class Places {
  private static final String PATH = "/maps/api/place/nearbysearch/json";
  private static final int CONNECT_MS = 2000;
  private static final int ANSWER_MS = 5000;
  private static final int MOST_AT_ONCE = 32;
  private static final int MOST_WAITING = 10_000;
  private static final int MAX_BODY = 4 << 20;

  private record Question(URI uri, CompletableFuture<NearbyAnswer> answer) {}

  private final String base;
  private final Log log;
  private final Queue<Question> queue = new ArrayDeque<>();
  private int underWay;
  private final HttpClient http; // null without a provider

  /** `base` is null without a provider. */
  Places(String base, Log log) {
    this.base = base;
    this.log = log;
    // Created early, because this takes longer than an event loop may block.
    http = base == null ? null : HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER).proxy(HttpClient.Builder.NO_PROXY)
        .connectTimeout(Duration.ofMillis(CONNECT_MS)).build();
  }

  /** Returns the future answer, which never fails: it describes a failure instead. */
  CompletableFuture<NearbyAnswer> ask(String location, String radiusKm) {
    if (base == null) return failed("no Places provider was named for this server");
    var uri = URI.create(base + PATH + "?" + query(location, radiusKm));
    var answer = new CompletableFuture<NearbyAnswer>().completeOnTimeout(
        NearbyAnswer.failure("no answer from Places within " + ANSWER_MS + " ms"), ANSWER_MS,
        TimeUnit.MILLISECONDS);
    synchronized (this) {
      if (queue.size() >= MOST_WAITING) {
        return failed("Places was not asked: " + MOST_WAITING + " questions are waiting");
      }
      queue.add(new Question(uri, answer));
      startWaiting();
    }
    return answer.whenComplete((found, never) -> {
      if (found.error() != null) log.info("Places: " + found.error());
    });
  }

  private CompletableFuture<NearbyAnswer> failed(String error) {
    log.info("Places: " + error);
    return CompletableFuture.completedFuture(NearbyAnswer.failure(error));
  }

  private synchronized void finished() {
    underWay--;
    startWaiting();
  }

  private synchronized void startWaiting() {
    while (underWay < MOST_AT_ONCE && !queue.isEmpty()) {
      var question = queue.remove();
      if (question.answer.isDone()) continue; // it timed out
      underWay++;
      start(question);
    }
  }

  private void start(Question question) {
    var request = HttpRequest.newBuilder(question.uri).header("User-Agent", "herd").build();
    var response = http.sendAsync(request, LimitedBody.handler(MAX_BODY));
    question.answer.whenComplete((found, never) -> response.cancel(true));
    response.handle(Places::answerOf).thenAccept(question.answer::complete)
        .whenComplete((done, never) -> finished());
  }

  private static NearbyAnswer answerOf(HttpResponse<byte[]> response, Throwable error) {
    if (error != null) {
      var cause = error instanceof CompletionException ? error.getCause() : error;
      return NearbyAnswer.failure("Places could not be asked: " + Log.reason(cause));
    }
    if (response.statusCode() != 200) {
      return NearbyAnswer.ofHttpError(response.statusCode(), response.body());
    }
    return NearbyAnswer.of(response.body());
  }

  private static String query(String location, String radiusKm) {
    int longitude = Fields.longitudeOf(location);
    var metres = new BigDecimal(Double.parseDouble(radiusKm) * 1000)
        .setScale(3, RoundingMode.HALF_EVEN).max(new BigDecimal("0.001")).stripTrailingZeros();
    return "location=" + plainDegrees(location.substring(0, longitude)) + ","
        + plainDegrees(location.substring(longitude)) + "&radius=" + metres.toPlainString();
  }

  /** Removes the plus (a space in a URL), leading zeros, and decimals beyond the ninth. */
  private static String plainDegrees(String degrees) {
    return degrees.replaceFirst("^\\+?(-?)0*(\\d+)((?:\\.\\d{1,9})?).*$", "$1$2$3");
  }
}
