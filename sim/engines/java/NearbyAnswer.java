import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * What a WHATSAT answers of Places: the provider's JSON, byte for byte but for its newlines and the
 * results that are too many. `error` says what failed, for the log; null where nothing did.
 */
record NearbyAnswer(String json, List<JsonText.Range> results, String error) {
  private static final Set<String> GOOD = Set.of("OK", "ZERO_RESULTS");

  /** An answer in place of one that did not come. */
  static NearbyAnswer failure(String error) {
    String json = "{\"html_attributions\": [], \"results\": [], \"status\": \"UNKNOWN_ERROR\", "
        + "\"error_message\": " + JsonText.quoted(error) + "}";
    return new NearbyAnswer(json, List.of(), error);
  }

  /** The body of an HTTP answer with status 200. */
  static NearbyAnswer of(byte[] body) {
    try {
      return of(foldNewlines(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString()));
    } catch (CharacterCodingException | JsonText.Malformed e) {
      return failure("Places answered with what is not JSON: " + Log.reason(e));
    }
  }

  private static NearbyAnswer of(String json) throws JsonText.Malformed {
    var object = JsonText.object(json);
    String status = object.string("status");
    if (status == null || !status.matches("[A-Z0-9_]{1,64}")) {
      return failure("Places answered with JSON that has no status");
    }
    List<JsonText.Range> results = object.array("results");
    if (GOOD.contains(status)) {
      return results == null ? failure("Places answered with JSON that has no results")
          : new NearbyAnswer(json, results, null);
    }
    String message = object.string("error_message");
    String error = "Places answered " + status;
    if (message == null || message.isEmpty()) {
      json = object.with("error_message", JsonText.quoted(error));
    } else {
      error += ": " + message;
    }
    json = JsonText.object(json).with("results", "[]");
    return new NearbyAnswer(json, List.of(), error);
  }

  /** With at most so many results. */
  byte[] cut(int bound) {
    String kept = json;
    if (results.size() > bound) {
      int begin = results.get(bound - 1).end();
      int end = results.get(results.size() - 1).end();
      kept = json.substring(0, begin) + json.substring(end);
    }
    return kept.getBytes(StandardCharsets.UTF_8);
  }

  /** Every run of newlines as one LF, none at either end: an empty line ends an answer. */
  private static String foldNewlines(String text) {
    return text.replaceAll("[\\r\\n]+", "\n").replaceAll("^\n|\n$", "");
  }
}
