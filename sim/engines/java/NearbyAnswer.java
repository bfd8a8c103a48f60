import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * The part of a WHATSAT's answer that comes from Places: the provider's JSON with fewer newlines and
 * at most the wanted results. `error` is the failure for the log; null if there was none.
 */
record NearbyAnswer(String json, List<JsonText.Range> results, String error) {
  private static final Set<String> GOOD = Set.of("OK", "ZERO_RESULTS");

  /** Returns the answer for a failed query. */
  static NearbyAnswer failure(String error) {
    String json = "{\"html_attributions\": [], \"results\": [], \"status\": \"UNKNOWN_ERROR\", "
        + "\"error_message\": " + JsonText.quoted(error) + "}";
    return new NearbyAnswer(json, List.of(), error);
  }

  /** Reads the body of an HTTP answer with status 200. */
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

  /** Returns the answer with at most `bound` results. */
  byte[] cut(int bound) {
    String kept = json;
    if (results.size() > bound) {
      int begin = results.get(bound - 1).end();
      int end = results.get(results.size() - 1).end();
      kept = json.substring(0, begin) + json.substring(end);
    }
    return kept.getBytes(StandardCharsets.UTF_8);
  }

  /** Folds newlines, because an empty line ends an answer: runs to one LF, none at the ends. */
  private static String foldNewlines(String text) {
    return text.replaceAll("[\\r\\n]+", "\n").replaceAll("^\n|\n$", "");
  }
}
